package dev.watermill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.delivery.Delivery;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.delivery.JoinMany;
import dev.watermill.delivery.JoinOptional;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.join.InputStatus;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two streams of whole numbers, joined in ways that have shortcuts, against the sentences
 * that say what matches: what is delivered and what is counted, with functions that fail
 * for some. {@code -Drun.seeds=...} takes more of them.
 */
class MatchRunTests {

	private static final int SEEDS = Integer.getInteger("run.seeds", 1_500);

	@Test
	void runsDeliverAndCountWhatOneElementAfterAnotherDoes() {
		long delivered = 0;
		for (long seed = 1; seed <= SEEDS; seed++) {
			Case joined = new Case(seed);
			try {
				joined.check();
			}
			catch (AssertionError | RuntimeException ex) {
				throw new AssertionError("failed for " + joined + ": " + ex.getMessage(), ex);
			}
			delivered += joined.expected.size();
		}
		assertThat(delivered).isGreaterThan(SEEDS * 5L);
	}

	private enum Kind {

		FIRST, AS_OF, WITHIN

	}

	private static final class Case {

		private final long seed;

		private final Kind kind;

		private final boolean optional;

		private final boolean exact;

		/** How far a match may be before, -1 for any distance. */
		private final int tolerance;

		private final int after;

		private final List<Long> masters;

		private final List<Long> children;

		private final int batch;

		/** For which masters, by their place, the function fails. */
		private final Set<Integer> failing = new HashSet<>();

		private final List<String> expected = new ArrayList<>();

		private final Set<Integer> deliveredChildren = new HashSet<>();

		private final Set<Integer> failedChildren = new HashSet<>();

		private int deliveredMasters;

		private int calls;

		private List<Integer> matching = List.of();

		Case(long seed) {
			Random random = new Random(seed);
			this.seed = seed;
			this.kind = Kind.values()[random.nextInt(3)];
			this.optional = random.nextBoolean();
			this.exact = random.nextInt(3) > 0;
			this.tolerance = random.nextInt(5) - ((this.kind == Kind.AS_OF) ? 2 : 0);
			this.after = random.nextInt(3);
			this.masters = ascending(random);
			this.children = ascending(random);
			this.batch = 1 + random.nextInt(12);
			if (random.nextInt(3) == 0) {
				for (int i = 0; i < this.masters.size(); i++) {
					if (random.nextInt(5) == 0) {
						this.failing.add(i);
					}
				}
			}
			Set<Integer> calls = new TreeSet<>();
			for (int i = 0; i < this.masters.size(); i++) {
				List<Integer> matches = matches(this.masters.get(i));
				if (matches.isEmpty() && !this.optional) {
					continue;
				}
				calls.add(i);
				if (this.failing.contains(i)) {
					this.failedChildren.addAll(matches);
				}
				else {
					this.deliveredMasters++;
					this.deliveredChildren.addAll(matches);
					this.expected.add(this.masters.get(i) + "=" + matches.stream().map(this.children::get).toList());
				}
			}
			this.matching = List.copyOf(calls);
		}

		private static List<Long> ascending(Random random) {
			List<Long> keys = new ArrayList<>();
			int most = 1 + random.nextInt(3);
			long key = 0;
			int size = random.nextInt(40);
			for (int i = 0; i < size; i++) {
				key += random.nextInt(most + 1);
				keys.add(key);
			}
			return keys;
		}

		private List<Integer> matches(long left) {
			List<Integer> found = new ArrayList<>();
			for (int i = 0; i < this.children.size(); i++) {
				long right = this.children.get(i);
				boolean matches = switch (this.kind) {
					case FIRST -> right == left && found.isEmpty();
					case AS_OF -> (right < left || (right == left && this.exact))
							&& (this.tolerance < 0 || left - right <= this.tolerance);
					case WITHIN -> left - this.tolerance <= right && right <= left + this.after;
				};
				if (matches) {
					if (this.kind == Kind.AS_OF) {
						found.clear();
					}
					found.add(i);
				}
			}
			return found;
		}

		void check() {
			InMemoryBroker broker = new InMemoryBroker(this.batch);
			broker.<Long>stream("left").complete(this.masters);
			broker.<Long>stream("right").complete(this.children);
			MillBuilder builder = Mill.builder("mill");
			Input<Long> left = builder.from("left", Long.class, broker);
			Shows shows = shows(builder.join(left, "right", Long.class, broker).onLong((key) -> key, (key) -> key));
			builder.onError(ErrorPolicy.SKIP)
				.retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO))
				.process((delivery) -> {
					// calls come in the order of the masters that are delivered
					if (this.failing.contains(this.matching.get(this.calls++))) {
						throw new IllegalStateException("fails");
					}
					return delivery.get(left) + "=" + shows.matches(delivery);
				});
			Mill mill = builder.to("out", String.class, broker).build();
			assertThat(mill.run()).as("%s", mill.status()).isEqualTo(MillState.COMPLETED);
			assertThat(broker.<String>stream("out").elements()).isEqualTo(this.expected);
			Accounting.assertAccounted(mill, "left", this.deliveredMasters, 0);
			Accounting.assertAccounted(mill, "right", this.deliveredChildren.size(), 0);
			this.failedChildren.removeAll(this.deliveredChildren);
			assertThat(mill.counters().inputs().get("right").skipped(SkipReason.FAILED).get())
				.isEqualTo(this.failedChildren.size());
			if (this.kind == Kind.FIRST && this.optional) {
				assertLastUnmatched(mill.lanes().get(0).inputs().get("right").unmatched());
			}
		}

		private void assertLastUnmatched(InputStatus.@Nullable Unmatched found) {
			List<Long> unmatched = this.masters.stream().distinct().filter((key) -> matches(key).isEmpty()).toList();
			assertThat((found != null) ? found.count() : 0).isEqualTo(unmatched.size());
			if (found != null && !unmatched.isEmpty()) {
				Long last = unmatched.get(unmatched.size() - 1);
				Long next = this.children.stream().filter((key) -> key > last).findFirst().orElse(null);
				assertThat(found.left()).isEqualTo(new InputStatus.Unmatched.Key(last, next));
			}
		}

		private Shows shows(JoinCondition<Long, Long>.Matches join) {
			return switch (this.kind) {
				case FIRST -> this.optional ? optional(join.optional().first()) : first(join.first());
				case AS_OF -> {
					JoinCondition<Long, Long>.AsOfMatch asOf = join.asOf();
					if (this.tolerance >= 0) {
						asOf.tolerance(this.tolerance);
					}
					if (!this.exact) {
						asOf.notExact();
					}
					yield this.optional ? optional(asOf.optional()) : first(asOf.match());
				}
				case WITHIN -> {
					JoinCondition<Long, Long>.WithinMatches within = join.within(this.tolerance, this.after);
					JoinMany<Long, Long> many = this.optional ? within.optional() : within.many();
					yield (delivery) -> delivery.matches(many);
				}
			};
		}

		private static Shows first(JoinFirst<Long, Long> join) {
			return (delivery) -> List.of(delivery.match(join));
		}

		private static Shows optional(JoinOptional<Long, Long> join) {
			return (delivery) -> delivery.match(join).map(List::of).orElse(List.of());
		}

		@Override
		public String toString() {
			return "seed " + this.seed + ": " + this.kind + (this.optional ? ", optional" : "")
					+ (this.exact ? "" : ", not exact") + ", tolerance " + this.tolerance + ", after " + this.after
					+ ", batches of " + this.batch + ", left " + this.masters + ", right " + this.children
					+ ", fails for " + this.failing;
		}

	}

	/** What a delivery has of the child. */
	private interface Shows {

		List<Long> matches(Delivery delivery);

	}

}
