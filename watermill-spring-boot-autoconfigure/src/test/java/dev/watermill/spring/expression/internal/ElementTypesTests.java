package dev.watermill.spring.expression.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.watermill.key.InvalidKeyException;
import dev.watermill.key.KeyFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.ResolvableType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ElementTypesTests {

	private static final String JSON = """
			{"time": 9007199254740993, "speed": 1.5, "name": "r2", "on": true, "nothing": null,
			 "position": {"x": 3}, "tags": [7, {"id": 8}, "t"], "huge": 36893488147419103232}
			""";

	private final JsonMapper mapper = JsonMapper.builder().build();

	@ParameterizedTest
	@EnumSource
	void readsBeans(Typing typing) {
		Bean bean = new Bean();
		assertThat(key("time + count", Bean.class, bean, typing)).isEqualTo(49L);
		assertThat(key("active", Bean.class, bean, typing)).isEqualTo(true);
		assertThat(key("URL", Bean.class, bean, typing)).isEqualTo("http://localhost");
		assertThat(key("hidden", Bean.class, bean, typing)).isEqualTo(5L);
		assertThat(key("field / 2", Bean.class, bean, typing)).isEqualTo(1.25);
		assertThat(key("small", Bean.class, bean, typing)).isEqualTo(3L);
		assertThat(key("yes", Bean.class, bean, typing)).isEqualTo(true);
		assertThat(key("inherited", Bean.class, bean, typing)).isEqualTo("inherited");
		assertThat(Outcome.of("secret", ResolvableType.forClass(Bean.class), bean, typing).failure()).isNotNull();
		assertThat(Outcome.of("SHARED", ResolvableType.forClass(Bean.class), bean, typing).failure()).isNotNull();
	}

	@Test
	void namesThePropertiesOfABean() {
		assertThatExceptionOfType(ExpressionException.class).isThrownBy(() -> KeyExpressions.compile("tme", Bean.class))
			.withMessageContaining("Did you mean 'time'?")
			.withMessageContaining("URL, active, count, field, hidden, inherited, small, yes");
	}

	@ParameterizedTest
	@EnumSource
	void readsInterfaces(Typing typing) {
		assertThat(key("time + 1", Event.class, new Started(5), typing)).isEqualTo(6L);
		assertThat(key("time + 1", Event.class, new Stopped(7, "x"), typing)).isEqualTo(8L);
		assertThat(key("name", Event.class, new Stopped(7, "x"), typing)).isEqualTo("event");
	}

	@Test
	void resolvesTypeArguments() {
		ResolvableType type = ResolvableType.forClassWithGenerics(Envelope.class, Started.class);
		KeyFunction<Envelope<Started>> function = KeyExpressions.compile("payload.time * 2", type);
		assertThat(function).isInstanceOfSatisfying(KeyFunction.OfLong.class, (number) -> {
			@SuppressWarnings("unchecked")
			KeyFunction.OfLong<Envelope<Started>> typed = number;
			assertThat(typed.function().applyAsLong(new Envelope<>(new Started(21)))).isEqualTo(42);
		});
		assertThatExceptionOfType(ExpressionException.class)
			.isThrownBy(() -> KeyExpressions.compile("payload.nosuch", type))
			.withMessageContaining("Started has no field 'nosuch'");
	}

	@ParameterizedTest
	@EnumSource
	void readsWhatIsUnknownAtStartFromTheValue(Typing typing) {
		Envelope<Object> envelope = new Envelope<>(new Started(21));
		assertThat(key("payload.time", Envelope.class, envelope, typing)).isEqualTo(21L);
		assertThat(key("payload.x.length", Envelope.class, new Envelope<>(Map.of("x", "abc")), typing)).isEqualTo(3L);
		assertThat(key("payload.position.x", Envelope.class, new Envelope<>(this.mapper.readTree(JSON)), typing))
			.isEqualTo(3L);
	}

	@ParameterizedTest
	@EnumSource
	void readsJson(Typing typing) {
		JsonNode node = this.mapper.readTree(JSON);
		assertThat(key("time + 1", JsonNode.class, node, typing)).isEqualTo(9007199254740994L);
		assertThat(key("speed * 2", JsonNode.class, node, typing)).isEqualTo(3.0);
		assertThat(key("name + '-' + name", JsonNode.class, node, typing)).isEqualTo("r2-r2");
		assertThat(key("on ? position.x : 0", JsonNode.class, node, typing)).isEqualTo(3L);
		assertThat(key("{name, tags[0]}", JsonNode.class, node, typing)).isEqualTo(List.of("r2", 7L));
		assertThat(key("tags[1].id + ['position']['x']", JsonNode.class, node, typing)).isEqualTo(11L);
		assertThat(key("tags[tags.size() - 1]", JsonNode.class, node, typing)).isEqualTo("t");
		assertThat(key("nothing ?: missing ?: 5", JsonNode.class, node, typing)).isEqualTo(5L);
		assertThat(key("missing?.x ?: 5", JsonNode.class, node, typing)).isEqualTo(5L);
		for (String invalid : new String[] { "missing", "nothing", "nothing + 1", "missing.x", "position", "tags[7]",
				"huge + 1", "name + 1", "name.nosuch", "position[x]", "tags" }) {
			assertThat(Outcome.of(invalid, ResolvableType.forClass(JsonNode.class), node, typing).failure()).as(invalid)
				.isInstanceOf(InvalidKeyException.class);
		}
	}

	@ParameterizedTest
	@EnumSource
	void readsMaps(Typing typing) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>(Map.of("time", 5, "position", Map.of("x", 2.5f),
				"numbers", Map.of(1, "one"), "json", this.mapper.readTree(JSON)));
		map.put("nothing", null);
		assertThat(key("time + 1", Map.class, map, typing)).isEqualTo(6L);
		assertThat(key("position.x", Map.class, map, typing)).isEqualTo(2.5);
		assertThat(key("['time']", Map.class, map, typing)).isEqualTo(5L);
		assertThat(key("numbers[1]", Map.class, map, typing)).isEqualTo("one");
		assertThat(key("json.position.x", Map.class, map, typing)).isEqualTo(3L);
		assertThat(Outcome.of("nothing", ResolvableType.forClass(Map.class), map, typing).failure())
			.hasMessageContaining("null");
	}

	@ParameterizedTest
	@EnumSource
	void readsFieldsThatAreNamedLikeWordsOfTheLanguage(Typing typing) {
		Map<String, Integer> map = Map.of("mod", 1, "div", 2, "T", 3, "null", 4, "between", 5, "and", 6, "$x_1", 7);
		assertThat(key("mod + 1 - div * ['T']", Map.class, map, typing)).isEqualTo(-4L);
		assertThat(key("['null'] + between + and + $x_1", Map.class, map, typing)).isEqualTo(22L);
		assertThat(key("['time'] + ['time']", Started.class, new Started(4), typing)).isEqualTo(8L);
		assertThat(key("mod mod div div ['T']", Map.class, map, typing)).isEqualTo(0L);
	}

	@ParameterizedTest
	@EnumSource
	void readsOptionalsWhereNullIsExpected(Typing typing) {
		Envelope<Optional<String>> envelope = new Envelope<>(Optional.of("abc"));
		ResolvableType type = ResolvableType.forClassWithGenerics(Envelope.class,
				ResolvableType.forClassWithGenerics(Optional.class, String.class));
		assertThat(Outcome.of("payload?.length() ?: 0", type, envelope, typing).key()).isEqualTo(3L);
		assertThat(Outcome.of("payload ?: 'none'", type, envelope, typing).key()).isEqualTo("abc");
		assertThat(Outcome.of("payload?.length() ?: 0", type, new Envelope<>(Optional.empty()), typing).key())
			.isEqualTo(0L);
	}

	@Test
	void letsFailuresOfTheElementThrough() {
		Outcome outcome = Outcome.of("failing", new Bean(), Typing.STATIC);
		assertThat(outcome.failure()).isInstanceOf(IllegalStateException.class).hasMessage("bean");
		assertThat(Outcome.of("name.substring(-1)", Sample.ORDINARY, Typing.STATIC).failure())
			.isInstanceOf(InvalidKeyException.class)
			.hasMessageContaining("'name.substring(-1)' failed with java.lang.StringIndexOutOfBoundsException")
			.hasCauseInstanceOf(StringIndexOutOfBoundsException.class);
	}

	@Test
	void givesFunctionsThatThreadsCanShare() throws Exception {
		KeyFunction<Object> function = KeyExpressions.compile("x.concat(x).length() + x.length",
				ResolvableType.forClass(Map.class));
		ExecutorService executor = Executors.newFixedThreadPool(4);
		try {
			List<Callable<Integer>> tasks = new ArrayList<>();
			for (int thread = 0; thread < 4; thread++) {
				int length = thread;
				tasks.add(() -> {
					for (int i = 0; i < 10_000; i++) {
						Object key = Outcome.of(function, Map.of("x", "y".repeat(length))).key();
						assertThat(key).isEqualTo(3L * length);
					}
					return length;
				});
			}
			for (Future<Integer> result : executor.invokeAll(tasks)) {
				assertThat(result.get()).isNotNull();
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static Object key(String expression, Class<?> type, Object element, Typing typing) {
		Outcome outcome = Outcome.of(expression, ResolvableType.forClass(type), element, typing);
		assertThat(outcome.failure()).isNull();
		return outcome.key();
	}

	sealed interface Event permits Started, Stopped {

		long time();

		default String getName() {
			return "event";
		}

	}

	record Started(long time) implements Event {

	}

	record Stopped(long time, String reason) implements Event {

	}

	record Envelope<T>(T payload) {

	}

	static class Base {

		String getInherited() {
			return "inherited";
		}

	}

	public static class Bean extends Base {

		public static final int SHARED = 1;

		public final double field = 2.5;

		public final short small = 3;

		public final boolean yes = true;

		private long getSecret() {
			return 1;
		}

		public Long getTime() {
			return 42L + getSecret() - 1;
		}

		int getCount() {
			return 7;
		}

		public boolean isActive() {
			return true;
		}

		public String getURL() {
			return "http://localhost";
		}

		protected byte getHidden() {
			return 5;
		}

		public long failing() {
			throw new IllegalStateException("bean");
		}

	}

}
