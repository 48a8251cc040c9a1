package dev.watermill;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.watermill.FaultyBroker.Operation;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.delivery.Delivery;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.DeliveryErrorHandler.Decision;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Functions that fail for random deliveries, once or for ever, before or amid their
 * results, in mills that crash: whatever happens, each delivery is processed once, passed
 * over, or in the dead letters.
 */
class FailingDeliveriesTests {

	private static final int SEEDS = Integer.getInteger("failing.seeds", 500);

	private static final Long ONLY_SEED = Long.getLong("failing.seed");

	private static final String IN = "a";

	private static final String LETTERS = "letters";

	/** How many results are held back, and more than that. */
	private static final int HELD = 256;

	private static final int MANY = 300;

	@Test
	void everyDeliveryIsProcessedOnceOrPassedOverOrInTheDeadLetters() {
		int deadLettered = 0;
		int crashed = 0;
		for (long seed = 1; seed <= SEEDS; seed++) {
			Run run = new Run((ONLY_SEED != null) ? ONLY_SEED : seed);
			try {
				run.check();
			}
			catch (AssertionError | RuntimeException ex) {
				throw new AssertionError("failed with -Dfailing.seed=" + run.seed + ": " + ex.getMessage(), ex);
			}
			deadLettered += run.letters().size();
			crashed += run.crashes;
		}
		assertThat(deadLettered).isGreaterThan(SEEDS / 4);
		assertThat(crashed).isGreaterThan(SEEDS / 4);
	}

	/** What becomes of a delivery. */
	private enum Fate {

		FINE, FAILS_ONCE, SETTINGS, SKIPPED, DEAD_LETTERED

	}

	/**
	 * What a delivery is planned to do.
	 *
	 * @param results how many results it has
	 * @param failsAt behind which of them it fails, {@code -1} for at once
	 */
	private record Plan(Fate fate, int results, int failsAt) {

	}

	private static final class Run {

		private final long seed;

		private final Random random;

		private final boolean windowed;

		private final boolean joined;

		private final ErrorPolicy onError;

		private final InMemoryBroker broker;

		private final List<Integer> elements = new ArrayList<>();

		/** The master's elements of each delivery, by the first of them. */
		private final Map<Integer, List<Integer>> deliveries = new LinkedHashMap<>();

		private final Map<Integer, Plan> plans = new HashMap<>();

		/** How often the function was called, by the first element. */
		private final Map<Integer, Integer> calls = new TreeMap<>();

		private final boolean crashing;

		private final boolean timed;

		private int crashes;

		Run(long seed) {
			this.seed = seed;
			this.random = new Random(seed);
			this.windowed = this.random.nextBoolean();
			this.joined = this.random.nextBoolean();
			this.onError = this.random.nextBoolean() ? ErrorPolicy.SKIP : ErrorPolicy.DEAD_LETTER;
			this.crashing = this.random.nextInt(3) > 0;
			this.timed = this.random.nextInt(10) == 0;
			this.broker = new InMemoryBroker(1 + this.random.nextInt(5));
			int count = this.random.nextInt(25);
			for (int element = 0; element < count; element++) {
				this.elements.add(element);
			}
			List<Integer> matching = this.elements.stream()
				.filter((element) -> !this.joined || this.random.nextInt(3) > 0)
				.toList();
			for (int element : matching) {
				int window = this.windowed ? element / 4 : element;
				int first = this.deliveries.keySet()
					.stream()
					.filter((other) -> this.windowed && other / 4 == window)
					.findFirst()
					.orElse(element);
				this.deliveries.computeIfAbsent(first, (missing) -> new ArrayList<>()).add(element);
			}
			this.deliveries.keySet().forEach((first) -> this.plans.put(first, plan()));
			this.broker.stream(IN).complete(this.elements);
			this.broker.stream("b")
				.complete(matching.stream().flatMap((element) -> Stream.of(element, element)).toList());
		}

		private Plan plan() {
			Fate[] fates = Fate.values();
			Fate fate = this.random.nextBoolean() ? Fate.FINE : fates[this.random.nextInt(fates.length)];
			int results = new int[] { 0, 1, 3, MANY }[this.random.nextInt(4)];
			return new Plan(fate, results, this.random.nextInt(results + 1) - 1);
		}

		void check() {
			MillState state = MillState.FAILED;
			Mill mill = null;
			for (int i = 0; state != MillState.COMPLETED; i++) {
				boolean crashes = this.crashing && i < 4;
				int last = 1 + this.random.nextInt(30);
				int away = (this.crashing && this.random.nextBoolean()) ? this.random.nextInt(30) : 0;
				AtomicLong operations = new AtomicLong();
				mill = mill((operation, stream) -> {
					long number = operations.incrementAndGet();
					if (crashes && number == last) {
						this.crashes++;
						throw new Crash();
					}
					if (number == away && operation != Operation.OPEN_SINK) {
						throw new BrokerUnavailableException("away");
					}
				});
				state = mill.run();
				assertThat(state).as("%s", mill.status()).isIn(MillState.FAILED, MillState.COMPLETED);
				assertThat(crashes || state == MillState.COMPLETED).as("%s", mill.status()).isTrue();
			}
			assertThat(this.<Object>written("out")).isEqualTo(expectedResults());
			assertThat(letters()).isEqualTo(expectedLetters());
			if (!this.crashing) {
				checkCalls();
				if (this.plans.values().stream().noneMatch(this::isTakenBack)) {
					checkAccounts(Objects.requireNonNull(mill));
				}
			}
		}

		private Mill mill(FaultyBroker.Faults faults) {
			FaultyBroker faulty = new FaultyBroker(this.broker, faults);
			if (this.timed) {
				faulty.timeLimit(Duration.ofSeconds(10));
			}
			AtomicLong ticks = new AtomicLong();
			MillBuilder builder = Mill.builder("mill")
				.commitInterval(Duration.ofNanos(1 + this.random.nextInt(20)))
				.clock(Clock.systemUTC(), ticks::incrementAndGet)
				.retry(new RetryPolicy(1, Duration.ZERO, Duration.ZERO))
				.onError(this.onError)
				.errorHandler((failed) -> decide((Integer) failed.elements().get(0)))
				.to("out", Object.class, faulty)
				.deadLetters(StreamDefinition.of(LETTERS, DeadLetter.class), faulty);
			Input<Integer> in = builder.from(IN, Integer.class, faulty);
			if (this.windowed) {
				builder.windowBy(KeyFunction.<Integer>ofLong("fours", (element) -> element / 4));
			}
			JoinMany<Integer, Integer> join = this.joined
					? builder.join(in, "b", Integer.class, faulty).onLong((left) -> left, (right) -> right).many()
					: null;
			return builder.processStream((delivery) -> process(delivery, in, join)).build();
		}

		private Decision decide(int first) {
			return switch (this.plans.get(first).fate()) {
				case SKIPPED -> Decision.skip();
				case DEAD_LETTERED -> Decision.deadLetter();
				default -> null;
			};
		}

		private Stream<Object> process(Delivery delivery, Input<Integer> in, JoinMany<Integer, Integer> join) {
			int first = delivery.get(in);
			assertThat(delivery.window(in)).isEqualTo(this.deliveries.get(first));
			if (join != null) {
				delivery.get(join).forEach((left, right) -> assertThat(right).containsExactly(left, left));
			}
			Plan plan = this.plans.get(first);
			int call = this.calls.merge(first, 1, Integer::sum);
			boolean fails = plan.fate() != Fate.FINE && (plan.fate() != Fate.FAILS_ONCE || call == 1);
			if (fails && plan.failsAt() < 0) {
				throw new IllegalStateException("at once");
			}
			return IntStream.range(0, plan.results()).mapToObj((i) -> {
				if (fails && i == plan.failsAt()) {
					throw new IllegalStateException("behind " + i);
				}
				return first + "." + i;
			});
		}

		private <T> List<T> written(String stream) {
			InMemoryStream<T> written = this.broker.stream(stream);
			return written.elements();
		}

		List<Integer> letters() {
			return this.<DeadLetter>written(LETTERS)
				.stream()
				.map((letter) -> Integer
					.valueOf(new String(Objects.requireNonNull(letter.element().value()), StandardCharsets.UTF_8)))
				.toList();
		}

		private boolean isFine(Plan plan) {
			return plan.fate() == Fate.FINE || plan.fate() == Fate.FAILS_ONCE;
		}

		/**
		 * Whether results of it are written before it fails, so that a run is thrown
		 * away, and what it had read is counted again.
		 */
		private boolean isTakenBack(Plan plan) {
			return plan.fate() != Fate.FINE && plan.failsAt() >= HELD;
		}

		private boolean isDeadLettered(Plan plan) {
			return plan.fate() == Fate.DEAD_LETTERED
					|| (plan.fate() == Fate.SETTINGS && this.onError == ErrorPolicy.DEAD_LETTER);
		}

		private List<Object> expectedResults() {
			List<Object> expected = new ArrayList<>();
			this.deliveries.keySet().forEach((first) -> {
				Plan plan = this.plans.get(first);
				IntStream.range(0, isFine(plan) ? plan.results() : 0).forEach((i) -> expected.add(first + "." + i));
			});
			return expected;
		}

		private List<Integer> expectedLetters() {
			return this.deliveries.entrySet()
				.stream()
				.filter((delivery) -> isDeadLettered(this.plans.get(delivery.getKey())))
				.flatMap((delivery) -> delivery.getValue().stream())
				.toList();
		}

		/**
		 * Nothing is called again but what failed.
		 */
		private void checkCalls() {
			this.deliveries.keySet().forEach((first) -> {
				int expected = switch (this.plans.get(first).fate()) {
					case FINE, SKIPPED, DEAD_LETTERED -> 1;
					case FAILS_ONCE, SETTINGS -> 2;
				};
				assertThat(this.calls.get(first)).as("calls for %d", first).isEqualTo(expected);
			});
		}

		private void checkAccounts(Mill mill) {
			long delivered = this.deliveries.entrySet()
				.stream()
				.filter((delivery) -> isFine(this.plans.get(delivery.getKey())))
				.mapToLong((delivery) -> delivery.getValue().size())
				.sum();
			Accounting.assertAccounted(mill, IN, delivered, 0);
			assertThat(mill.counters().inputs().get(IN).deadLettered(SkipReason.FAILED).get())
				.isEqualTo(letters().size());
		}

	}

}
