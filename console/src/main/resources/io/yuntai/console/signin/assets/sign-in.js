// A link's token stands behind the '#', which browsers send to nobody: it goes on in the body of a form.
const token = location.hash.slice(1);
const form = document.getElementById('link');
if (form && token.startsWith('yt-link-')) {
  history.replaceState(null, '', location.pathname + location.search);
  form.elements.token.value = token;
  form.submit();
}
