import com.alibaba.dashscope.aigc.generation.Generation;
import com.alibaba.dashscope.aigc.generation.GenerationParam;
import com.alibaba.dashscope.common.Message;
import com.alibaba.dashscope.common.Role;
import java.util.List;

void main() throws Exception {
  var question =
      GenerationParam.builder()
          .model("{{model}}")
          .messages(
              List.of(
                  Message.builder()
                      .role(Role.USER.getValue())
                      .content("Say hello in five words.")
                      .build()))
          .resultFormat(GenerationParam.ResultFormat.MESSAGE)
          .build();
  IO.println(
      new Generation().call(question).getOutput().getChoices().getFirst().getMessage().getContent());
}
