package dev.watermill.join.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.watermill.broker.Checkpoint;
import dev.watermill.stream.Position;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs of elements of which some stand on pages that are gone, on one or several of them,
 * against a list.
 */
class HeldRunTests {

	private static final int ELEMENTS = 2_000;

	@Test
	void knowWhereTheyBeginWhateverPagesAreGone() {
		for (long seed = 1; seed <= 60; seed++) {
			new Case(new Random(seed)).check("seed " + seed);
		}
	}

	private static final class Case {

		private final Random random;

		/** How many elements are held at most, and how many go in one step. */
		private final int most;

		private final TestStream stream;

		private final Cursor cursor;

		private final HeldRun run = new HeldRun();

		/** Where the valid elements stand in the stream, which are their own keys. */
		private final List<Integer> places = new ArrayList<>();

		private int first;

		private int end;

		private List<Object> shown = List.of();

		private List<Integer> before = List.of();

		Case(Random random) {
			this.random = random;
			this.most = 1 + random.nextInt(random.nextBoolean() ? 20 : 700);
			this.stream = new TestStream(1 + random.nextInt(random.nextBoolean() ? 12 : 300));
			for (int i = 0; i < ELEMENTS; i++) {
				boolean bad = random.nextInt(10) == 0;
				this.stream.add(bad ? TestStream.BAD : (Object) i);
				if (!bad) {
					this.places.add(i);
				}
			}
			this.cursor = this.stream.cursor(new TestWaiting(0));
			this.cursor.beforeLettingGo(this.run::keepStart);
		}

		void check(String description) {
			while (this.cursor.hasNext()) {
				hold(1 + this.random.nextInt(this.most));
				assertBegin(description);
				close(this.first + this.random.nextInt(this.end - this.first + 1));
				assertBegin(description);
				assertThat(this.shown).as(description).isEqualTo(this.before);
				show();
			}
			this.run.closeAll(this.stream.account);
			assertThat(this.run.isEmpty()).as(description).isTrue();
		}

		/**
		 * Hold as many more, at once where they are on one page.
		 */
		private void hold(int more) {
			int left = Math.min(more, this.most - (this.end - this.first));
			while (left > 0 && this.cursor.hasNext()) {
				int count = Math.min(1 + this.random.nextInt(left), this.cursor.limit - this.cursor.index);
				long[] keys = this.cursor.page.keys[0].primitives();
				this.run.add(this.cursor.page, keys, this.cursor.index, count);
				this.cursor.index += count;
				this.end += count;
				left -= count;
			}
		}

		private void close(int to) {
			this.run.closeBefore((to < this.places.size()) ? this.places.get(to) : Long.MAX_VALUE, this.stream.account);
			this.first = to;
		}

		private void show() {
			this.shown = this.run.asList();
			this.before = List.copyOf(this.places.subList(this.first, this.end));
		}

		private void assertBegin(String description) {
			assertThat(this.run.size()).as(description).isEqualTo(this.end - this.first);
			if (this.first == this.end) {
				return;
			}
			int place = this.places.get(this.first);
			Checkpoint.Input input = new Checkpoint.Input(Position.of("at", place),
					Map.of("x", (this.first > 0) ? "l" + this.places.get(this.first - 1) : ""));
			assertThat(this.run.number()).as(description).isEqualTo(this.first);
			NotedStanding start = this.run.start();
			assertThat(start.number()).as(description).isEqualTo(this.first);
			assertThat(start.input()).as(description).isEqualTo(input);
			for (Standing standing : List.of(start, this.run.standing())) {
				assertThat(standing.origin()).as(description).isEqualTo("s[" + place + "]");
				assertThat(standing.key()).as(description).isEqualTo((long) place);
				assertThat(standing.position()).as(description).isEqualTo(input.position());
				assertThat(standing.metadata()).as(description).isNotNull();
			}
		}

	}

}
