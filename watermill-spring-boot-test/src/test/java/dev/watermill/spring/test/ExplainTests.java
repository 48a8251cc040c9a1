package dev.watermill.spring.test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import dev.watermill.Mill;
import dev.watermill.join.JoinNode;
import dev.watermill.spring.AsOf;
import dev.watermill.spring.JoinOn;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.Within;
import dev.watermill.spring.file.JsonFileAutoConfiguration;
import dev.watermill.spring.mill.Mills;
import dev.watermill.spring.mill.WaterMillAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Why elements find no match, in words.
 */
class ExplainTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withPropertyValues("watermill.auto-startup=false", "watermill.streams.order.on-disorder=skip",
				"watermill.streams.order.on-invalid=skip")
		.withConfiguration(AutoConfigurations.of(WaterMillAutoConfiguration.class, JsonFileAutoConfiguration.class,
				MillTesterAutoConfiguration.class));

	@Test
	void namesTheKeysNextToTheOneThatIsMissing() {
		test(Equal.class, (tester) -> {
			tester.given("order", new Order(1, "A"), new Order(7, "B"), new Order(9, "C"))
				.given("price", new Price(11, 5), new Price(16, 6))
				.run();
			assertThat(tester.explain("order", 7))
				.hasToString("No element of 'order' has the key 7; by 'time + 10' next to it "
						+ "is nothing before and 11 (order[0])");
			assertThat(tester.explain("order", 17)).hasToString("""
					order[1] (time + 10: 17) is in no delivery:
					  at the join of 'price' to 'order' (time + 10 = time): no right key matches its left key 17; \
					next to it is 16 (price[1]) and nothing behind""");
		});
	}

	@Test
	void saysWhatIsDelivered() {
		test(Equal.class, (tester) -> {
			tester.given("order", new Order(1, "A")).given("price", new Price(11, 5)).run();
			Explanation explanation = tester.explain("price", 11L);
			assertThat(explanation.delivered()).isTrue();
			assertThat(explanation).hasToString("price[0] (time: 11) is in a delivery");
		});
	}

	@Test
	void looksUpwardsFromWhatIsJoined() {
		test(Chain.class, (tester) -> {
			tester.given("order", new Order(1, "A"))
				.given("price", new Price(1, 5), new Price(2, 6))
				.given("currency", new Currency(6, "EUR"))
				.run();
			assertThat(tester.explain("order", 1)).hasToString("""
					order[0] (time: 1) is in no delivery:
					  at the join of 'price' to 'order' (time = time): it matches price[0], which has no match below
					    price[0] (time: 1, amount: 5) is in no delivery:
					      at the join of 'currency' to 'price' (amount = amount): no right key matches its left key 5; \
					next to it is nothing before and 6 (currency[0])""");
			assertThat(tester.explain("currency", 6)).hasToString(
					"""
							currency[0] (amount: 6) is in no delivery:
							  at the join of 'currency' to 'price' (amount = amount): it is a match of price[1], and with it in \
							no delivery
							    price[1] (time: 2, amount: 6) is in no delivery:
							      at the join of 'price' to 'order' (time = time): no left key matches its right key 2; next to \
							it is 1 (order[0]) and nothing behind""");
		});
	}

	@Test
	void knowsOtherKindsOfJoins() {
		test(Kinds.class, (tester) -> {
			tester.given("order", new Order(10, "A"), new Order(20, "B"))
				.given("quote", new Quote(4, "A"), new Quote(6, "A"), new Quote(9, "B"), new Quote(13, "B"))
				.given("event", new Event(17))
				.run();
			assertThat(tester.explain("order", 10)).hasToString("order[0] (time: 10, symbol: 'A') is in no delivery:\n"
					+ "  at the join of 'event' to 'order' (time = time, within 3 before and 0 after): no right key matches "
					+ "its left key 10; next to it is nothing before and 17 (event[0])");
			assertThat(tester.explain("order", 20)).hasToString("order[1] (time: 20, symbol: 'B') is in no delivery:\n"
					+ "  at the join of 'quote' to 'order' (time = time, as of backward, tolerance 5, by 'symbol'): no right "
					+ "key matches its left key 20 and 'B'; next to it is 13 (quote[3]) and nothing behind");
			assertThat(tester.explain("quote", 4)).hasToString("quote[0] (time: 4, symbol: 'A') is in no delivery:\n"
					+ "  at the join of 'quote' to 'order' (time = time, as of backward, tolerance 5, by 'symbol'): no left "
					+ "key matches its right key 4 and 'A'; next to it is nothing before and 10 (order[0])");
		});
	}

	@Test
	void tellsOfWhatIsTakenInstead() {
		test(First.class, (tester) -> {
			tester.given("order", new Order(1, "A")).given("price", new Price(1, 5), new Price(1, 6)).run();
			assertThat(tester.explain("price", 1)).hasToString(
					"""
							price[0] (time: 1) is in a delivery
							price[1] (time: 1) is in no delivery:
							  at the join of 'price' to 'order' (time = time): order[0] takes price[0] instead, of which it takes \
							one only""");
		});
	}

	@Test
	void tellsOfWhatIsNoElement() {
		test(First.class, (tester) -> {
			tester.given("order", new Order(5, "A"), new Order(3, "B")).givenJson("order", "{\"symbol\": \"C\"}").run();
			assertThat(tester.explain("order", 3))
				.hasToString("order[1] was passed over: its key 3 by 'time' is less than " + "5 before it");
			assertThat(tester.explain("order", 4).toString()).startsWith("No element of 'order' has the key 4")
				.contains("order[1] was passed over: its key 3")
				.contains("order[2] was passed over: A field is missing or null");
			assertThat(tester.explain("price", "x"))
				.hasToString("No element of 'price' has the key 'x': it has none at " + "all");
		});
	}

	/**
	 * The engine merges, explanations compare each with each: they have to agree.
	 */
	@ParameterizedTest
	@ValueSource(classes = { Kinds.class, Chain.class, First.class, Nearest.class })
	void agreesWithTheEngine(Class<?> processor) {
		this.runner.withUserConfiguration(processor).run((context) -> {
			MillTester tester = context.getBean(MillTester.class);
			Mill mill = context.getBean(Mills.class).all().iterator().next();
			for (int seed = 0; seed < 12; seed++) {
				tester.reset();
				Random random = new Random(seed);
				List<String> streams = mill.tree().nodes().stream().map(JoinNode::stream).toList();
				streams.forEach((stream) -> giveAny(tester, stream, random));
				Map<String, Long> before = read(mill);
				tester.run();
				Map<String, Long> after = read(mill);
				KnownJoin join = new Explanations(List.of(mill), context.getBean(MemoryStreams.class)).join(mill.tree(),
						0);
				for (int node = 0; node < streams.size(); node++) {
					int of = node;
					long delivered = IntStream.range(0, join.elements(node).size())
						.filter((index) -> join.isDelivered(of, index))
						.count();
					assertThat(delivered).as(streams.get(node) + " by seed " + seed)
						.isEqualTo(after.get(streams.get(node)) - before.get(streams.get(node))
								- tester.skipped(streams.get(node)));
				}
			}
		});
	}

	/**
	 * What stands behind all that can match is not read.
	 */
	private static Map<String, Long> read(Mill mill) {
		Map<String, Long> read = new HashMap<>();
		mill.counters().inputs().forEach((stream, counters) -> read.put(stream, counters.read().get()));
		return read;
	}

	private static void giveAny(MillTester tester, String stream, Random random) {
		long time = 0;
		for (int i = 0; i < 12; i++) {
			time += random.nextInt(4);
			String symbol = random.nextBoolean() ? "A" : "B";
			tester.givenJson(stream, "{\"time\":" + time + ",\"amount\":" + time + ",\"symbol\":\"" + symbol + "\"}");
		}
	}

	private void test(Class<?> processor, Consumer<MillTester> test) {
		this.runner.withUserConfiguration(processor).run((context) -> test.accept(context.getBean(MillTester.class)));
	}

	record Order(long time, String symbol) {

	}

	record Price(long time, long amount) {

	}

	record Currency(long amount, String code) {

	}

	record Quote(long time, String symbol) {

	}

	record Event(long time) {

	}

	record Found(String text) {

	}

	@WaterMillProcessor
	static class Equal {

		Found find(Order order, @JoinOn(left = "time + 10", right = "time") Map<Order, List<Price>> prices) {
			return new Found(prices.toString());
		}

	}

	@WaterMillProcessor
	static class First {

		Found find(Order order, @JoinOn("time") Map<Order, Price> prices) {
			return new Found(prices.toString());
		}

	}

	@WaterMillProcessor
	static class Chain {

		Found find(Order order, @JoinOn("time") Map<Order, List<Price>> prices,
				@JoinOn("amount") Map<Price, List<Currency>> currencies) {
			return new Found(prices.toString());
		}

	}

	@WaterMillProcessor
	static class Nearest {

		Found find(Order order, @JoinOn("time") @AsOf(direction = AsOf.Direction.NEAREST, tolerance = "3",
				exact = false, by = "symbol") Map<Order, Quote> quotes) {
			return new Found(quotes.toString());
		}

	}

	@WaterMillProcessor
	static class Kinds {

		Found find(Order order, @JoinOn("time") @AsOf(tolerance = "5", by = "symbol") Map<Order, Quote> quotes,
				@JoinOn("time") @Within(before = "3") Map<Order, List<Event>> events) {
			return new Found(quotes.toString());
		}

	}

}
