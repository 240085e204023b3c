package io.yuntai.engine.template;

/**
 * A template that cannot be compiled or rendered; the message says why and, where known, in which
 * line.
 */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final boolean raisedByTemplate;

  /**
   * @param message what is wrong, for a user
   * @param raisedByTemplate whether the template itself refused its input ({@code raise_exception})
   */
  public TemplateException(String message, boolean raisedByTemplate) {
    super(message);
    this.raisedByTemplate = raisedByTemplate;
  }

  /**
   * Whether the template itself refused its input, so that the request is at fault and not the
   * template.
   */
  public boolean raisedByTemplate() {
    return raisedByTemplate;
  }
}
