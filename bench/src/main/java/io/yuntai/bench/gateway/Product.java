package io.yuntai.bench.gateway;

import java.io.IOException;
import java.util.List;

/**
 * A gateway that is measured.
 *
 * @param name for people
 * @param port of loopback
 * @param tree its processes, the database included
 * @param keys used in turn
 */
record Product(String name, int port, ProcessTree tree, List<String> keys) {
  /** Copies the list. */
  Product {
    keys = List.copyOf(keys);
  }

  LoadClient client(EventLoop loop, String model, boolean stream) {
    return new LoadClient(loop, port, "/v1/chat/completions", model, keys, stream);
  }

  /** Runs the task while nothing of the others runs: what is idle is not nothing. */
  static void alone(List<Product> all, Product one, Task task) throws IOException {
    List<Product> others = all.stream().filter(each -> !each.equals(one)).toList();
    for (Product other : others) {
      other.tree().pause();
    }
    try {
      task.run();
    } finally {
      for (Product other : others) {
        other.tree().go();
      }
    }
  }

  /** What is measured. */
  interface Task {
    void run() throws IOException;
  }
}
