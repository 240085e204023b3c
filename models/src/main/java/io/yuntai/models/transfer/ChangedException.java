package io.yuntai.models.transfer;

/** The remote file is not the version that the transfer began with. */
final class ChangedException extends Exception {
  private static final long serialVersionUID = 1;
}
