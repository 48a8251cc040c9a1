package dev.watermill.engine.internal;

import java.time.Duration;

import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What threads of a mill hand over to each other, in many of the orders in which their
 * steps may be interleaved: Lincheck runs them step by step, and shows the order that
 * leads to a failure.
 */
class HandOverTests {

	/** So many orders are tried, with more switches the later. */
	private static final int ORDERS = Integer.getInteger("handover.orders", 600);

	private static void inAnyOrder(Runnable scenario) {
		Lincheck.runConcurrentTest(ORDERS, scenario);
	}

	private static Thread start(Runnable work) {
		Thread thread = new Thread(work);
		thread.start();
		return thread;
	}

	private static void join(Thread thread) {
		try {
			thread.join();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void check(boolean condition, String otherwise) {
		if (!condition) {
			throw new IllegalStateException(otherwise);
		}
	}

	private static void attend(LongCalls calls, long call) {
		start(() -> calls.attend(call));
	}

	@Test
	void ordersAreFoundInWhichSomethingFails() {
		assertThatExceptionOfType(LincheckAssertionError.class).isThrownBy(() -> inAnyOrder(() -> {
			int[] count = { 0 };
			Thread other = start(() -> count[0]++);
			count[0]++;
			join(other);
			check(count[0] == 2, "one got lost");
		})).withMessageContaining("one got lost");
	}

	@Test
	void aCommitDuringACallHasTheLaneToItself() {
		inAnyOrder(() -> {
			TestLane lane = new TestLane();
			LongCalls calls = new LongCalls("lane", Duration.ofMillis(1), lane::commit);
			for (int call = 1; call <= 3; call += 2) {
				lane.leave();
				attend(calls, call);
				calls.begin();
				calls.end();
				lane.enter();
				lane.position++;
			}
			calls.close();
		});
	}

	@Test
	void theFunctionAsksWhileNobodyCommits() {
		inAnyOrder(() -> {
			TestLane lane = new TestLane();
			LongCalls calls = new LongCalls("lane", Duration.ofMillis(1), lane::commit);
			lane.leave();
			calls.begin();
			attend(calls, 1);
			calls.get(() -> {
				lane.enter();
				lane.leave();
				return lane.position;
			});
			calls.end();
			lane.enter();
			calls.close();
		});
	}

	@Test
	void aCommitThatFailsDuringACallIsHeardAtItsEnd() {
		inAnyOrder(() -> {
			boolean[] failed = { false };
			LongCalls calls = new LongCalls("lane", Duration.ofMillis(1), () -> {
				failed[0] = true;
				throw new IllegalArgumentException("no commit");
			});
			calls.begin();
			attend(calls, 1);
			try {
				calls.end();
				check(!failed[0], "nobody heard");
			}
			catch (IllegalArgumentException ex) {
				check(failed[0], "heard too much");
			}
			calls.close();
		});
	}

	@Test
	void neitherAStopNorAnAbortIsTakenBack() {
		inAnyOrder(() -> {
			MillWish wish = new MillWish();
			wish.run();
			Thread operator = start(() -> {
				wish.pause();
				wish.stop();
				check(wish.isStop(), "a pause or its end took the stop back");
			});
			Thread other = start(wish::resume);
			wish.abort();
			join(operator);
			join(other);
			check(wish.isAbort(), "a stop took the abort back");
		});
	}

	@Test
	void aCallThatFailsIsNeverTakenForProgress() {
		inAnyOrder(() -> {
			LaneSteps steps = new LaneSteps();
			Thread lane = start(() -> {
				steps.callBegins();
				steps.callFails();
				steps.callEnds();
			});
			check(steps.progress() <= 0, "a failed call counted as progress");
			join(lane);
			check(steps.progress() == 0, "progress is " + steps.progress());
		});
	}

	@Test
	void whatOneThreadCountsOthersReadAtAnyTime() {
		inAnyOrder(() -> {
			LaneSteps steps = new LaneSteps();
			Thread lane = start(() -> {
				steps.callBegins();
				steps.callEnds();
				steps.moved();
			});
			long first = steps.progress();
			check(steps.progress() >= first, "progress goes back");
			join(lane);
			check(steps.progress() == 2, "progress is " + steps.progress());
		});
	}

	/**
	 * What belongs to whoever has the turn.
	 */
	private static final class TestLane {

		private boolean atWork = true;

		private int position;

		private int committed;

		void enter() {
			check(!this.atWork, "two are at work");
			this.atWork = true;
		}

		void leave() {
			this.atWork = false;
		}

		void commit() {
			enter();
			check(this.position >= this.committed, "a commit goes back");
			this.committed = this.position;
			leave();
		}

	}

}
