# Sourced by ./mvnw and ./yuntai: sets JAVA_HOME to a JDK of at least version 25, or explains how to get one and exits 1.

yuntai_jdk_version() { # prints the major version of the JDK in folder $1, nothing if there is no JDK
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
  if [ -r "$1/release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
  else
    "$1/bin/java" -version 2>&1 | sed -n '1s/.*version "\([0-9]*\).*/\1/p'
  fi
}

yuntai_find_jdk() {
  for candidate in "${JAVA_HOME:-}" "${JDK_HOME:-}" \
    "${SDKMAN_DIR:-${HOME:-}/.sdkman}"/candidates/java/* \
    /usr/lib/jvm/* /usr/java/* /opt/jdk* /opt/java/* /opt/*/jdk* "${HOME:-}"/.jdks/* "${HOME:-}"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    [ -n "$candidate" ] || continue
    version=$(yuntai_jdk_version "$candidate")
    if [ -n "$version" ] && [ "$version" -ge 25 ]; then
      JAVA_HOME=$candidate
      export JAVA_HOME
      return 0
    fi
  done
  on_path=$(command -v javac 2>/dev/null) && on_path=$(readlink -f "$on_path") && on_path=${on_path%/bin/javac}
  if [ -n "${on_path:-}" ]; then
    version=$(yuntai_jdk_version "$on_path")
    if [ -n "$version" ] && [ "$version" -ge 25 ]; then
      JAVA_HOME=$on_path
      export JAVA_HOME
      return 0
    fi
  fi
  echo "Yuntai needs a JDK 25 or newer and found none: install Eclipse Temurin 25 (adoptium.net), or run 'sdk install java 25-tem', or point JAVA_HOME at one." >&2
  exit 1
}

yuntai_find_jdk
