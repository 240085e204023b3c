package io.yuntai.engine.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.grammar.GrammarException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonSchemasTest {
  private static boolean generable(String schema, String text) throws GrammarException {
    return JsonSchemas.compile(Json.value(schema.replace('\'', '"')), PropertyOrder.SCHEMA)
        .match(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8))
        .complete();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'integer','minimum':-3,'maximum':120} | -3",
        "{'type':'integer','minimum':-3,'maximum':120} | 120",
        "{'multipleOf':0.01,'type':'number'} | 19.99",
        "{'type':'number','exclusiveMinimum':0.5} | 0.51",
        "{'required':['a'],'properties':{'a':{},'b':{}}} | {'a':1,'b':2,'c':3}",
        "{'type':'string','pattern':'^é+$'} | '\\u00e9é'",
        "{'type':'string','minLength':1,'maxLength':1} | '😀'",
        "{'type':'string','minLength':1,'maxLength':1} | '\\ud83d\\ude00'",
        "{'anyOf':[{'type':'null'},{'type':'array','items':{'$ref':'#'}}]} | [null, [null, []]]",
        "{'oneOf':[{'type':'integer'},{'minimum':2}]} | 1",
        "{'not':{'type':'integer'}} | 1.5",
        "{'if':{'properties':{'a':{'const':1}},'required':['a']},'then':{'required':['b']}} | {'a':1,'b':2}",
        "{'type':'array','items':{'enum':['a','b']},'uniqueItems':true} | ['b','a']",
        "{'contains':{'const':0},'items':{'type':'integer'}} | [1,0,2]",
        "{'dependentSchemas':{'a':{'required':['b']}}} | {'b':1}",
      })
  void whatSatisfiesCanBeGenerated(String schema, String text) throws GrammarException {
    assertThat(generable(schema, text)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'integer','minimum':-3,'maximum':120} | -4",
        "{'type':'integer','minimum':-3,'maximum':120} | 121",
        "{'multipleOf':0.01,'type':'number'} | 19.999",
        "{'type':'number','exclusiveMinimum':0.5} | 0.50",
        "{'required':['a','b'],'properties':{'a':{},'b':{}},'maxProperties':3} | {'c':1}",
        "{'required':['a'],'properties':{'a':{}}} | {'c':1,'a':2}",
        "{'type':'string','pattern':'^é+$'} | '\\u00ea'",
        "{'type':'string','minLength':1,'maxLength':1} | '😀😀'",
        "{'type':'string'} | '\\ud83d'",
        "{'oneOf':[{'type':'integer'},{'minimum':2}]} | 3",
        "{'not':{'type':'integer'}} | 15",
        "{'if':{'properties':{'a':{'const':1}},'required':['a']},'then':{'required':['b']}} | {'a':1}",
        "{'type':'array','items':{'enum':['a','b']},'uniqueItems':true} | ['a','a']",
        "{'contains':{'const':0},'items':{'type':'integer'}} | [1,2]",
        "{'dependentSchemas':{'a':{'required':['b']}}} | {'a':1}",
        "{'minProperties':1} | {}",
        "true | {'a':1,'a'}",
      })
  void whatDoesNotSatisfyCanNot(String schema, String text) throws GrammarException {
    assertThat(generable(schema, text)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'properties':{'a':{'maxlength':3}}} | #/properties/a | 'maxlength'",
        "{'$ref':'http://example.com/x'} | # | '$ref'",
        "{'items':{'format':'stardate'}} | #/items | 'format'",
        "{'pattern':'(?=a)'} | # | look-ahead",
        "{'uniqueItems':true} | # | 'uniqueItems'",
        "{'type':'array','items':{'$ref':'#'},'minItems':1} | `` | no value satisfies",
      })
  void whatCanNotBeHeldIsRefusedByName(String schema, String place, String what) {
    assertThatThrownBy(() -> generable(schema, "1"))
        .isInstanceOfSatisfying(
            GrammarException.class,
            e -> {
              assertThat(e.place()).isEqualTo(place);
              assertThat(e.getMessage()).contains(what);
            });
  }
}
