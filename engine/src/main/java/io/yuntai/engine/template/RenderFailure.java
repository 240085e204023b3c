package io.yuntai.engine.template;

/**
 * Why a rendering or compilation failed, before the line is known; leaves this package as {@link
 * TemplateException}.
 */
final class RenderFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Whether {@code raise_exception} was called. */
  final boolean raisedByTemplate;

  RenderFailure(String message) {
    this(message, false);
  }

  RenderFailure(String message, boolean raisedByTemplate) {
    super(message, null, false, false);
    this.raisedByTemplate = raisedByTemplate;
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
