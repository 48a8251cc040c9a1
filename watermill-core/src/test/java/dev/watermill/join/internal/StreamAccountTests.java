package dev.watermill.join.internal;

import dev.watermill.count.internal.NodeCounters;
import dev.watermill.join.internal.StreamAccount.TakenUp;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What runs of a lane count of one stream, one after another.
 */
class StreamAccountTests {

	private final NodeCounters counters = new NodeCounters();

	private final StreamAccount account = new StreamAccount(this.counters);

	@Test
	void whatWasHeldAtACommitIsCountedOnce() {
		runThatHolds(3);
		this.account.begins(TakenUp.LAST_COMMIT);
		this.account.read(0, 4);
		this.account.letGo(0, 4, SkipReason.UNMATCHED, false);
		commit(4, 4);
		assertCounts(4, 4);
	}

	@Test
	void whatNobodyAsksForAgainMatchesNothing() {
		runThatHolds(3);
		finishAfterOne();
		assertCounts(3, 3);
	}

	@Test
	void whatIsReadAfterTheEndIsNewThoughItWasHeldBeforeIt() {
		runThatHolds(3);
		finishAfterOne();
		end(0, 0);
		this.account.begins(TakenUp.LAST_COMMIT);
		this.account.read(0, 2);
		this.account.letGo(0, 2, SkipReason.UNMATCHED, false);
		this.account.finishes(2);
		commit(2, 2);
		assertCounts(5, 5);
	}

	@Test
	void whatWasReadAfterAnEndThatWasNotCommittedIsReadAgain() {
		runThatHolds(3);
		this.account.begins(TakenUp.LAST_COMMIT);
		this.account.read(0, 1);
		this.account.letGo(0, 1, SkipReason.UNMATCHED, false);
		this.account.finishes(1);
		this.account.asked(1, 1, null);
		end(0, 0);
		this.account.begins(TakenUp.LAST_COMMIT);
		finish();
		assertCounts(3, 3);
	}

	private void runThatHolds(int count) {
		this.account.begins(TakenUp.ELSEWHERE);
		this.account.read(0, count);
		commit(0, count);
		end(0, count);
		assertCounts(count, 0);
	}

	private void finishAfterOne() {
		this.account.begins(TakenUp.LAST_COMMIT);
		finish();
	}

	private void finish() {
		this.account.read(0, 1);
		this.account.letGo(0, 1, SkipReason.UNMATCHED, false);
		this.account.finishes(1);
		commit(1, 1);
	}

	private void commit(long resumed, long number) {
		this.account.asked(resumed, number, null);
		this.account.committed();
	}

	/**
	 * End a run that holds some elements.
	 */
	private void end(long first, int count) {
		this.account.ends();
		if (count > 0) {
			this.account.letGo(first, count, SkipReason.UNMATCHED, false);
		}
		this.account.ended();
	}

	private void assertCounts(long read, long unmatched) {
		assertThat(this.counters.read().get()).as("read").isEqualTo(read);
		assertThat(this.counters.skipped(SkipReason.UNMATCHED).get()).as("unmatched").isEqualTo(unmatched);
	}

}
