package io.yuntai.cli.plan;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How results are written. */
final class PlanOutput {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      arity = "1",
      defaultValue = "table",
      converter = JsonOrTable.class,
      description = "table or json (default: ${DEFAULT-VALUE}).")
  private boolean json;

  boolean isJson() {
    return json;
  }

  /** A form that is not known is refused before anything is solved. */
  private static final class JsonOrTable implements ITypeConverter<Boolean> {
    @Override
    public Boolean convert(String form) {
      return switch (form) {
        case "json" -> true;
        case "table" -> false;
        default -> throw new TypeConversionException("table or json, not '%s'".formatted(form));
      };
    }
  }
}
