package dev.watermill.spring.expression.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.codec.StrictJson;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.MillState;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keys that mills read from files of JSON: what is not exact is no key.
 */
class JsonKeyTests {

	private static final long EXACT = 1L << 53;

	private static final JsonFileBroker FILES = JsonFileBroker.builder(StrictJson.of(JsonMapper.shared())).build();

	@TempDir
	private Path directory;

	private long invalid;

	private String problem = "";

	private List<Integer> joinLists(String left, String right, String... lines) throws Exception {
		return join(EXACT, left, B.class, right, lines);
	}

	private <B> List<Integer> join(long left, Class<B> type, String expression, String... lines) throws Exception {
		return join(left, "time", type, expression, lines);
	}

	/** Join whole numbers with elements of a type; return the lines that matched. */
	private <B> List<Integer> join(long left, String leftExpression, Class<B> type, String expression, String... lines)
			throws Exception {
		Path a = Files.writeString(this.directory.resolve("a.jsonl"), "{\"time\":" + left + "}");
		Path b = Files.writeString(this.directory.resolve("b.jsonl"), String.join("\n", lines));
		List<Integer> matches = new ArrayList<>();
		for (ErrorPolicy policy : new ErrorPolicy[] { ErrorPolicy.FAIL, ErrorPolicy.SKIP }) {
			matches.clear();
			MillBuilder builder = Mill.builder("m").stateDirectory(this.directory.resolve("state-" + policy));
			Input<A> parent = builder.from(file("a", A.class, a), FILES);
			KeyFunction<A> time = KeyExpressions.compile(leftExpression, A.class);
			KeyFunction<B> key = KeyExpressions.compile(expression, type);
			JoinMany<A, B> child = builder.join(parent, file("b", type, b), FILES).on(time, key).many();
			child.onInvalid(policy);
			builder.forEach((delivery) -> delivery.get(child)
				.values()
				.forEach((values) -> values.forEach((value) -> matches.add(id(value)))));
			Mill mill = builder.build();
			if (mill.run() == MillState.FAILED) {
				this.problem = Objects.requireNonNull(mill.status().lastError()).message();
			}
			this.invalid = mill.counters().inputs().get("b").skipped(SkipReason.INVALID).get();
		}
		return matches;
	}

	private static int id(Object element) {
		return (element instanceof B b) ? b.id()
				: (element instanceof L l) ? l.id()
						: (element instanceof D d) ? d.id() : ((element instanceof JsonNode node)
								? node.get("id").intValue() : (Integer) ((Map<?, ?>) element).get("id"));
	}

	private static <T> StreamDefinition<T> file(String stream, Class<T> type, Path path) {
		return new StreamDefinition<>(stream, type, Map.of(JsonFileBroker.FILE_PROPERTY, path.toString()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "d", "boxed", "d + 0", "-(-d)", "d > 0 ? d : 1.0" })
	void aWholeNumberThatADoubleCanNotHoldIsNoKey(String expression) throws Exception {
		assertThat(
				join(EXACT, B.class, expression, numbers("9007199254740992", "9007199254740993", "9007199254740992")))
			.containsExactly(0, 2);
		assertThat(this.invalid).isEqualTo(1);
		assertThat(this.problem).contains("b.jsonl:2", "'" + expression + "'", "9007199254740993",
				"declare the field long, BigInteger or BigDecimal");
	}

	@Test
	void aWholeNumberThatAFloatCanNotHoldIsNoKey() throws Exception {
		assertThat(join(1 << 24, B.class, "f", numbers("16777216", "16777217", "16777216.0"))).containsExactly(0, 2);
		assertThat(this.invalid).isEqualTo(1);
	}

	@Test
	void aNegativeOneIsNoKeyEither() throws Exception {
		assertThat(join(-EXACT, B.class, "d", numbers("-9007199254740993", "-9007199254740992"))).containsExactly(1);
		assertThat(join(-EXACT, B.class, "d > f ? d : d", numbers("-9007199254740993", "-9007199254740992")))
			.containsExactly(1);
	}

	@Test
	void aNumberThatADoubleCanNotHoldIsAnElementIfItIsNoKey() throws Exception {
		assertThat(join(7, B.class, "id + 7", numbers("9007199254740993", "1e400"))).containsExactly(0);
		assertThat(this.invalid).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "decimal", "big" })
	void exactTypesHoldWhatIsWritten(String expression) throws Exception {
		assertThat(join(EXACT + 1, B.class, expression,
				numbers("9007199254740992", "9007199254740993", "9007199254740994", "90071992547409920")))
			.containsExactly(1);
		assertThat(this.invalid).isZero();
	}

	@Test
	void floatingPointIsAKeyHoweverLarge() throws Exception {
		assertThat(join(1_000_000_000_000_000_000L, D.class, "d", numbers("1e17", "1e18", "1.5e300")))
			.containsExactly(1);
		assertThat(this.invalid).isZero();
	}

	@Test
	void overflowIsNoKey() throws Exception {
		assertThat(join(1, B.class, "d", numbers("1", "1e400", "2e500"))).containsExactly(0);
		assertThat(this.invalid).isEqualTo(2);
		assertThat(join(1, B.class, "f", numbers("1", "1e39", "-1e39", "1e400"))).containsExactly(0);
		assertThat(this.invalid).isEqualTo(3);
		for (String expression : new String[] { "d", "['d']", "d > 0 ? d : 1", "d * 1" }) {
			for (Class<?> type : new Class<?>[] { JsonNode.class, Map.class }) {
				join(1, type, expression, numbers("1", "1e400", "2e500", "3"));
				assertThat(this.invalid).as("%s of %s", expression, type).isEqualTo(2);
				assertThat(this.problem).contains("b.jsonl:2", "floating point");
			}
		}
	}

	@Test
	void aListOfKeysIsAsExactAsItsItems() throws Exception {
		assertThat(joinLists("{time, 1}", "{d, 1}", numbers("9007199254740992", "9007199254740993")))
			.containsExactly(0);
		assertThat(this.invalid).isEqualTo(1);
	}

	@Test
	void untypedWholeNumbersAreExact() throws Exception {
		for (Class<?> type : new Class<?>[] { JsonNode.class, Map.class }) {
			assertThat(join(EXACT + 1, type, "d", numbers("9007199254740992", "9007199254740993", "9007199254740994",
					"123456789012345678901234567890")))
				.containsExactly(1);
			assertThat(this.invalid).isZero();
		}
	}

	@Test
	void wholeNumbersMayHaveAPointOrAnExponent() throws Exception {
		assertThat(join(1000, B.class, "big", numbers("1.0", "1e3", "1000.000", "2E3"))).containsExactly(1, 2);
		assertThat(join(1000, L.class, "big", numbers("1.0", "1e3", "1000.000", "2E3"))).containsExactly(1, 2);
	}

	private static String[] numbers(String... numbers) {
		String[] lines = new String[numbers.length];
		for (int i = 0; i < lines.length; i++) {
			boolean whole = !numbers[i].matches(".*[.e][0-9]+.*") || numbers[i].matches("[0-9]+[.]0+|[0-9]+e[0-9]");
			lines[i] = "{\"id\":%d,\"d\":%2$s,\"boxed\":%2$s,\"f\":%2$s%3$s}".formatted(i, numbers[i],
					(whole || numbers[i].contains("E")) ? ",\"decimal\":" + numbers[i] + ",\"big\":" + numbers[i] : "");
		}
		return lines;
	}

	record A(long time) {

	}

	record D(int id, double d) {

	}

	record L(int id, long big) {

	}

	record B(int id, double d, Double boxed, float f, BigDecimal decimal, BigInteger big) {

	}

}
