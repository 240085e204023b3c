package io.yuntai.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.dialect.ApiException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FormFieldsTest {
  @Test
  void namesAndValuesAreDecodedInTheirOrder() throws Exception {
    FormFields fields = FormFields.parse("a=1+2&b=%E4%BA%91&a=3&empty=&alone");
    assertThat(fields.all("a")).containsExactly("1 2", "3");
    assertThat(fields.text("b")).isEqualTo("云");
    assertThat(fields.first("empty")).contains("");
    assertThat(fields.first("alone")).contains("");
    assertThat(fields.first("none")).isEmpty();
    assertThat(fields.encoded()).isEqualTo("a=1+2&a=3&b=%E4%BA%91&empty=&alone=");
  }

  @Test
  void oneNameIsChangedAndNothingElse() throws Exception {
    FormFields fields = FormFields.parse("a=1&b=2");
    assertThat(fields.with("b", "3").encoded()).isEqualTo("a=1&b=3");
    assertThat(fields.with("a", "").encoded()).isEqualTo("b=2");
    assertThat(new FormFields(Map.of("x", List.of("&=%"))).encoded()).isEqualTo("x=%26%3D%25");
  }

  @Test
  void tooManyFieldsAreRefused() {
    assertThatThrownBy(() -> FormFields.parse("a=1&".repeat(1001)))
        .isInstanceOf(ApiException.class);
  }

  @Test
  void anyTextIsReadOrRefused() {
    long seed = Long.getLong("yuntai.seed", 20261123);
    Random random = new Random(seed);
    String alphabet = "ab=&%+0Fg;\u0000é云";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(30); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        FormFields read = FormFields.parse(text.toString());
        assertThat(FormFields.parse(read.encoded())).as("%s, seed %d", text, seed).isEqualTo(read);
      } catch (ApiException refused) {
        assertThat(refused.error().status()).as("%s, seed %d", text, seed).isEqualTo(400);
      }
    }
  }
}
