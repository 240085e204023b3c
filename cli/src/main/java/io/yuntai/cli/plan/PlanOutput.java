package io.yuntai.cli.plan;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How results are written. */
final class PlanOutput {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "table",
      converter = FormConverter.class,
      description = "table or json (default: ${DEFAULT-VALUE}).")
  private Form form = Form.TABLE;

  boolean isJson() {
    return form == Form.JSON;
  }

  private enum Form {
    TABLE,
    JSON
  }

  /** A form that is not known is refused before anything is solved. */
  private static final class FormConverter implements ITypeConverter<Form> {
    @Override
    public Form convert(String form) {
      return switch (form) {
        case "table" -> Form.TABLE;
        case "json" -> Form.JSON;
        default -> throw new TypeConversionException("table or json, not '%s'".formatted(form));
      };
    }
  }
}
