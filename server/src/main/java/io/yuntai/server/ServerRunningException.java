package io.yuntai.server;

/** Another process already serves this home, or is about to. */
public final class ServerRunningException extends StartException {
  private static final long serialVersionUID = 1;

  private final long holderPid;

  ServerRunningException(HomeDirectory home, long holderPid) {
    super(
        "Yuntai "
            + (holderPid > 0 ? "(process " + holderPid + ") " : "")
            + "is already starting, running or stopping with the home "
            + home.path()
            + ": wait for it, stop it with 'yuntai down', or choose another folder with --home.");
    this.holderPid = holderPid;
  }

  /** The other process, or 0 when it hasn't yet said who it is. */
  public long holderPid() {
    return holderPid;
  }
}
