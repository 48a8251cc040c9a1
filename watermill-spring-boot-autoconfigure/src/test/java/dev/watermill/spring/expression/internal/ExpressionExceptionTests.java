package dev.watermill.spring.expression.internal;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.watermill.key.InvalidKeyException;
import dev.watermill.key.KeyFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class ExpressionExceptionTests {

	@Test
	void namesTheNearestFieldAndTheOthers() {
		ExpressionException exception = refusal("tiem + 10");
		assertThat(exception.getExpression()).isEqualTo("tiem + 10");
		assertThat(exception.getElementType()).isEqualTo(Location.class);
		assertThat(exception.getProblem()).isEqualTo("Location has no field 'tiem'");
		assertThat(exception.getAction()).isEqualTo("Did you mean 'time'? Its other fields are: robot, position.");
		assertThat(exception).hasMessageContainingAll("tiem + 10", Location.class.getName(), "Did you mean");
	}

	@Test
	void namesTheNearestFieldOfANestedType() {
		assertThat(refusal("position.z")).hasMessageContaining("Position has no field 'z'. Did you mean 'x'?");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			T(java.lang.Math).abs(time)     | a type T(...)
			T(java.lang.Runtime)            | a type T(...)
			new java.util.Date(time)        | a constructor 'new'
			@clock.millis()                 | a bean reference '@'
			&clock                          | a bean reference '@'
			#offset + time                  | a variable
			#root.time                      | a variable
			#this                           | a variable
			#_5 + time                      | a variable
			#floor(time)                    | a function
			time = 5                        | an assignment
			time++                          | an increment
			--time                          | a decrement
			time ^ 2                        | the power operator
			time between {1, 2}             | the operator 'between'
			'a' matches 'b'                 | the operator 'matches'
			time instanceof T(Long)         | the operator 'instanceof'
			{1, 2}.?[true]                  | a selection
			{1, 2}.![1]                     | a projection
			{a: time}                       | a map
			time.#floorDiv(1, 2)            | a function
			(time > 0 ? @clock : time)      | a bean reference '@'
			'a'.concat(T(String))           | a type T(...)
			{1, 2}[new Integer(1)]          | a constructor 'new'
			""")
	void namesTheConstructThatKeysDoNotHave(String expression, String construct) {
		for (Class<?> type : new Class<?>[] { Location.class, JsonNode.class, Map.class }) {
			assertThatExceptionOfType(ExpressionException.class)
				.isThrownBy(() -> KeyExpressions.compile(expression, type))
				.withMessageContaining("it contains " + construct);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			time +                   | syntax error, at position 6
			(time                    | syntax error, at position 6
			time time                | syntax error, at position 6
			3000000000 + 4000000000 +* 2   | syntax error, at position 26
			time + 'a                | syntax error, at position 8
			{time,, robot}           | syntax error, an operand is missing
			""                       | it is empty
			9223372036854775808      | the number 9223372036854775808 does not fit into 64 bits
			time - 9223372036854775808 | the number 9223372036854775808 does not fit into 64 bits
			1 + 99999999999999999999 | at position 5 does not fit into 64 bits
			""")
	void saysWhereTheTextIsWrong(String expression, String problem) {
		assertThat(refusal(expression)).hasMessageContaining(problem).hasMessageNotContaining("#_");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			position                    | 'position' is a Position, which has no order
			{time, position}            | 'position' is a Position, which has no order
			position + 1                | 'position' is a Position, and '+' needs numbers
			-position                   | 'position' is a Position, and '-' needs numbers
			'a' + time                  | is text, and '+' needs two numbers or two texts
			time * 'a'                  | is text, and '*' needs numbers
			time + null                 | '+' has no result for null
			null                        | null cannot be a key
			time < null                 | null has no order
			time == 'a'                 | 'time' is a number and ''a'' is a text, which '==' cannot compare
			time ? 1 : 2                | 'time' is not a condition
			!robot                      | 'robot' is not a condition
			time[0]                     | 'time' is a Long, which has no items
			#floorDiv(time)             | #floorDiv takes two numbers
			getClass()                  | getClass() is not available
			getClass().getName()        | getClass() is not available
			class                       | Location has no field 'class'
			position.class.name         | Position has no field 'class'
			hashCode() + wait()         | Location has no method 'wait' with no arguments
			position.equals()           | Position has no method 'equals' with no arguments
			'a'.valueOf(time)           | String has no method 'valueOf' with 1 argument
			time.nosuch(1, 2)           | Long has no method 'nosuch' with 2 arguments
			""")
	void refusesWhatTypesSay(String expression, String problem) {
		assertThat(refusal(expression)).hasMessageContaining(problem);
	}

	@ParameterizedTest
	@ValueSource(strings = { "getClass()", "x.getClass().name", "x.y.getClass()" })
	void refusesGetClassWhereTypesAreNotKnown(String expression) {
		assertThatExceptionOfType(ExpressionException.class)
			.isThrownBy(() -> KeyExpressions.compile(expression, JsonNode.class))
			.withMessageContaining("getClass() is not available");
	}

	@ParameterizedTest
	@ValueSource(strings = { "type", "types", "types[0]", "loader", "method", "thread", "module", "domain", "handle" })
	void givesNothingThatLeadsToCode(String expression) {
		assertThatExceptionOfType(ExpressionException.class)
			.isThrownBy(() -> KeyExpressions.compile(expression, Code.class))
			.withMessageContaining("has no field");
	}

	@ParameterizedTest
	@ValueSource(strings = { "any.name", "any.getName()", "any.forName('java.lang.Runtime')", "any.newInstance()",
			"any.classLoader", "any.module", "any['name']", "list[0].name", "list.get(0).getSimpleName()",
			"map['type'].name", "map.type.name", "any.methods[0].name" })
	void findsNoCodeInDataThatHoldsSome(String expression) {
		for (Object code : new Object[] { Runtime.class, new Class<?>[] { Runtime.class }, Thread.currentThread(),
				getClass().getDeclaredMethods()[0], getClass().getModule(), getClass().getClassLoader(),
				Runtime.getRuntime(), ProcessHandle.current() }) {
			Data data = new Data(code, List.of(code), Map.of("type", code));
			Function<? super Data, ?> key = ((KeyFunction.OfObject<Data>) KeyExpressions.compile(expression,
					Data.class))
				.function();
			assertThatExceptionOfType(InvalidKeyException.class).as("%s of %s", expression, code)
				.isThrownBy(() -> key.apply(data));
		}
	}

	private static ExpressionException refusal(String expression) {
		return catchThrowableOfType(ExpressionException.class,
				() -> KeyExpressions.compile(expression, Location.class));
	}

	record Location(long time, int robot, Position position) {

	}

	record Code(Class<?> type, Class<?>[] types, ClassLoader loader, Method method, Thread thread, Module module,
			ProtectionDomain domain, MethodHandle handle) {

	}

	record Data(Object any, List<Object> list, Map<String, Object> map) {

	}

	record Position(double x, double y) {

	}

}
