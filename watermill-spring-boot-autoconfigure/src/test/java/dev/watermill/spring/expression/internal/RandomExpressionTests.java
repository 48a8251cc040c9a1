package dev.watermill.spring.expression.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

import dev.watermill.key.KeyFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.core.ResolvableType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random arithmetic over random numbers, against an evaluation that knows nothing of how
 * expressions are compiled.
 */
class RandomExpressionTests {

	private static final int EXPRESSIONS = 2000;

	private static final int ELEMENTS = 10;

	private static final String[] NAMES = { "b", "i", "l", "n", "boxed", "f", "d", "decimal", "big" };

	private static final long[] EDGES = { 0, 1, -1, 2, -2, 10, -10, Byte.MIN_VALUE, Byte.MAX_VALUE, Integer.MIN_VALUE,
			Integer.MAX_VALUE, 1L << 53, (1L << 53) + 1, Long.MIN_VALUE, Long.MIN_VALUE + 1, Long.MAX_VALUE };

	@Test
	void computesWhatTheNaiveEvaluationDoes() {
		long seed = Long.getLong("watermill.seed", System.nanoTime());
		Random random = new Random(seed);
		int valid = 0;
		for (int i = 0; i < EXPRESSIONS; i++) {
			RandomExpression expression = RandomExpression.generate(random, 4, NAMES);
			String text = expression.toString();
			KeyFunction<Object> typed = compile(text, Numbers.class, Typing.STATIC);
			KeyFunction<Object> untyped = compile(text, Numbers.class, Typing.DYNAMIC);
			KeyFunction<Object> ofMap = compile(text, Map.class, Typing.STATIC);
			KeyFunction<Object> ofJson = compile(text, JsonNode.class, Typing.STATIC);
			for (int j = 0; j < ELEMENTS; j++) {
				Numbers element = Numbers.random(random);
				Outcome expected = evaluate(expression, element);
				valid += (expected.key() != null) ? 1 : 0;
				String description = "seed " + seed + ": " + text + " over " + element;
				assertThat(Outcome.of(typed, element)).as(description).isEqualTo(expected);
				assertThat(Outcome.of(untyped, element)).as("untyped, " + description).isEqualTo(expected);
				assertThat(Outcome.of(ofMap, element.toMap())).as("map, " + description).isEqualTo(expected);
				assertThat(Outcome.of(ofJson, element.toJson())).as("JSON, " + description).isEqualTo(expected);
			}
		}
		// Otherwise nothing was compared but failures
		assertThat(valid).as("seed " + seed).isGreaterThan(EXPRESSIONS * ELEMENTS / 4);
	}

	private static KeyFunction<Object> compile(String text, Class<?> type, Typing typing) {
		return KeyExpressions.compile(text, ResolvableType.forClass(type), typing);
	}

	private static Outcome evaluate(RandomExpression expression, Numbers element) {
		return Outcome.of(KeyFunction.ofObject("", Object.class, (any) -> {
			try {
				return expression.evaluate(element.toMap());
			}
			catch (ArithmeticException ex) {
				return null;
			}
		}), element);
	}

	record Numbers(byte b, int i, long l, long n, @Nullable Integer boxed, float f, double d, BigDecimal decimal,
			BigInteger big) {

		static Numbers random(Random random) {
			return new Numbers((byte) number(random), (int) number(random), number(random), number(random),
					(random.nextInt(5) == 0) ? null : (int) number(random), random.nextInt(100) / 8f, decimal(random),
					BigDecimal.valueOf(random.nextInt(10000), 3),
					BigInteger.valueOf(number(random)).shiftLeft(random.nextInt(4) / 3));
		}

		private static long number(Random random) {
			return switch (random.nextInt(3)) {
				case 0 -> EDGES[random.nextInt(EDGES.length)];
				case 1 -> random.nextLong();
				default -> random.nextInt(2001) - 1000;
			};
		}

		private static double decimal(Random random) {
			double[] edges = { 0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE, 1L << 53 };
			return (random.nextInt(3) == 0) ? edges[random.nextInt(edges.length)] : random.nextGaussian() * 1000;
		}

		Map<String, @Nullable Object> toMap() {
			Map<String, @Nullable Object> map = new LinkedHashMap<>();
			map.put("b", this.b);
			map.put("i", this.i);
			map.put("l", this.l);
			map.put("n", this.n);
			map.put("boxed", this.boxed);
			map.put("f", this.f);
			map.put("d", this.d);
			map.put("decimal", this.decimal);
			map.put("big", this.big);
			return map;
		}

		ObjectNode toJson() {
			ObjectNode node = new ObjectNode(JsonNodeFactory.instance);
			node.put("b", this.b).put("i", this.i).put("l", this.l).put("n", this.n).put("boxed", this.boxed);
			return node.put("f", this.f).put("d", this.d).put("decimal", this.decimal).put("big", this.big);
		}

	}

}
