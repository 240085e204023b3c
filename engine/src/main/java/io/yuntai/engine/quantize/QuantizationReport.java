package io.yuntai.engine.quantize;

import io.yuntai.engine.quant.TensorType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was written.
 *
 * @param tensors in the file's order
 */
public record QuantizationReport(List<Written> tensors) {
  /**
   * One tensor.
   *
   * @param from its type in the source
   * @param to its type now
   * @param elements how many values it has
   * @param bytes what it takes now
   * @param squaredError sum over its values of the squared difference to the source
   * @param squaredSum sum of the source's squared values
   */
  public record Written(
      String name,
      TensorType from,
      TensorType to,
      long elements,
      long bytes,
      double squaredError,
      double squaredSum) {
    /** Root of the mean squared difference. */
    public double rootMeanSquareError() {
      return Math.sqrt(squaredError / elements);
    }
  }

  /**
   * All tensors of a type together.
   *
   * @param relativeError root of the squared error over the root of the squared sum
   */
  public record OfType(
      int tensors, long elements, long bytes, double rootMeanSquareError, double relativeError) {}

  /** By type, in the types' order. */
  public Map<TensorType, OfType> byType() {
    Map<TensorType, OfType> byType = new TreeMap<>();
    for (TensorType type : TensorType.values()) {
      List<Written> those = tensors.stream().filter(tensor -> tensor.to == type).toList();
      if (!those.isEmpty()) {
        byType.put(type, sum(those));
      }
    }
    return byType;
  }

  private static OfType sum(List<Written> those) {
    long elements = those.stream().mapToLong(Written::elements).sum();
    long bytes = those.stream().mapToLong(Written::bytes).sum();
    double error = those.stream().mapToDouble(Written::squaredError).sum();
    double sum = those.stream().mapToDouble(Written::squaredSum).sum();
    return new OfType(
        those.size(),
        elements,
        bytes,
        Math.sqrt(error / elements),
        sum == 0 ? 0 : Math.sqrt(error / sum));
  }
}
