// The page /sign-in: by password, by a link's token after the '#', or by an identity provider.
const words = {
  zh: {
    email: '电子邮箱', password: '密码', newPassword: '设置密码（至少 12 个字符）', code: '两步验证码或恢复码',
    signIn: '登录', signOut: '退出登录', setUp: '这是首次登录：请填写您的邮箱并设置密码。',
    welcome: '欢迎，{0}。请设置密码。', who: '已登录：{0}', signedOut: '已退出。', by: '通过 {0} 登录',
    failed: '登录未成功：{0}', unreachable: '服务器没有响应。',
  },
  en: {
    email: 'E-mail address', password: 'Password', newPassword: 'Password to set (12 characters or more)',
    code: 'Code of the second factor, or a recovery code', signIn: 'Sign in', signOut: 'Sign out',
    setUp: 'This is the first sign-in: say who you are, and set a password.',
    welcome: 'Welcome, {0}. Set a password.', who: 'Signed in as {0}', signedOut: 'Signed out.',
    by: 'Sign in with {0}', failed: 'Signing in did not work: {0}', unreachable: 'The server does not answer.',
  },
};
const language = navigator.language.startsWith('zh') ? 'zh' : 'en';
const say = (key, value = '') => words[language][key].replace('{0}', value);
const at = (id) => document.getElementById(id);
const form = at('form');
const query = new URLSearchParams(location.search);
const token = location.hash.slice(1);
let csrf = '';

async function call(method, path, body) {
  const headers = { 'X-CSRF-Token': csrf };
  if (body) headers['Content-Type'] = 'application/json';
  try {
    const reply = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
    const text = await reply.text();
    return { ok: reply.ok, body: text ? JSON.parse(text) : {} };
  } catch {
    return { ok: false, body: { detail: say('unreachable') } };
  }
}

function tell(text) {
  at('message').textContent = text;
}

function inside(session) {
  csrf = session.csrf_token;
  const to = query.get('to') || '';
  if (/^\/[^/\\]/.test(to)) {
    location.replace(to);
    return;
  }
  form.hidden = true;
  at('providers').hidden = true;
  tell('');
  const roles = session.tenants.map((tenant) => `${tenant.name}: ${tenant.role}`).join(', ');
  at('who').textContent = `${say('who', session.user.email)} (${roles})`;
  at('inside').hidden = false;
}

async function outside() {
  at('inside').hidden = true;
  form.hidden = false;
  const { ok, body } = await call('GET', '/auth/providers');
  if (!ok || body.items.length === 0) return;
  const links = body.items.map((provider) => {
    const link = document.createElement('a');
    link.href = `${provider.path}?to=${encodeURIComponent(query.get('to') || '/sign-in')}`;
    link.textContent = say('by', provider.title);
    return link;
  });
  at('providers').replaceChildren(...links);
  at('providers').hidden = false;
}

async function welcome() {
  const { ok, body } = await call('POST', '/auth/link', { token, look: true });
  if (!ok) {
    tell(body.detail);
    await outside();
    return;
  }
  form.elements.password.autocomplete = 'new-password';
  document.querySelector('[data-text=password]').textContent = say('newPassword');
  if (body.email) {
    form.elements.email.value = body.email;
    form.elements.email.readOnly = true;
  }
  tell(body.email ? say('welcome', body.email) : say('setUp'));
  form.hidden = false;
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(form));
  if (!fields.code) delete fields.code;
  const byLink = token && form.elements.password.autocomplete === 'new-password';
  if (byLink) {
    fields.token = token;
    if (form.elements.email.readOnly) delete fields.email;
  }
  const { ok, body } = await call('POST', byLink ? '/auth/link' : '/auth/sign-in', fields);
  if (ok) {
    history.replaceState(null, '', location.pathname + location.search);
    inside(body);
    return;
  }
  if ((body.type || '').endsWith('second_factor_required')) {
    at('code').hidden = false;
    form.elements.code.focus();
  }
  tell(body.detail);
});

at('out').addEventListener('click', async () => {
  await call('DELETE', '/auth/session');
  csrf = '';
  tell(say('signedOut'));
  await outside();
});

document.documentElement.lang = language;
for (const element of document.querySelectorAll('[data-text]')) {
  element.textContent = say(element.dataset.text);
}
if (token.startsWith('yt-link-')) {
  await welcome();
} else {
  if (query.has('error')) tell(say('failed', query.get('error')));
  const { ok, body } = await call('GET', '/auth/session');
  if (ok) inside(body);
  else await outside();
}
