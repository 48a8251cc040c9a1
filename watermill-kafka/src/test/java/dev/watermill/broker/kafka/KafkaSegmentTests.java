package dev.watermill.broker.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import dev.watermill.Accounting;
import dev.watermill.Crash;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.codec.ElementDecoder;
import dev.watermill.count.MillCounters;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillState;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One segment of topics after another, each with a mark behind it.
 */
class KafkaSegmentTests {

	private final TopicMill topics = new TopicMill("a", "b");

	@AfterEach
	void stop() {
		if (this.topics.mill() != null) {
			this.topics.mill().stop();
		}
	}

	@Test
	void writesNoSecondMarkIfItCrashedBetweenItsLastCommitAndItsExit() throws Exception {
		this.topics.append("a", 1, 2);
		this.topics.end("a");
		AtomicReference<Mill> mill = new AtomicReference<>();
		mill.set(this.topics.echo().listener(new MillListener() {

			@Override
			public void committed(long nanos) {
				if (mill.get().lanes().get(0).checkpoint().completed()) {
					throw new Crash();
				}
			}

		}).build());
		assertThat(mill.get().run()).isEqualTo(MillState.FAILED);
		this.topics.echo().waitForMore(false);
		this.topics.completes();
		assertThat(this.topics.results()).containsExactly("1", "2", "END");
	}

	@Test
	void processesTheNextSegmentInAnOrderOfItsOwn() throws Exception {
		for (int segment = 0; segment < 3; segment++) {
			this.topics.append("a", 1, 2, 4);
			this.topics.append("b", 1, 2, 2, 3);
			this.topics.end("b");
			this.topics.end("a");
			this.topics.echo("b");
			this.topics.completes();
		}
		assertThat(this.topics.results()).containsExactly("1", "2", "END", "1", "2", "END", "1", "2", "END");
	}

	@Test
	void processesTheNextSegmentThatCameWhileItWasStillAtTheFirst() throws Exception {
		for (int segment = 0; segment < 2; segment++) {
			this.topics.append("a", 1, 2);
			this.topics.append("b", 1, 2);
			this.topics.end("b");
			this.topics.end("a");
		}
		this.topics.echo("b");
		this.topics.completes();
		assertThat(this.topics.results()).containsExactly("1", "2", "END");
		this.topics.echo("b").waitForMore(false);
		this.topics.completes();
		assertThat(this.topics.results()).containsExactly("1", "2", "END", "1", "2", "END");
		this.topics.echo("b").waitForMore(false);
		this.topics.completes();
		assertThat(this.topics.results()).hasSize(6);
	}

	@Test
	void meetsNothingOfASegmentInWhichItWasStopped() throws Exception {
		this.topics.append("a", 1, 2);
		this.topics.append("b", 1, 2);
		this.topics.end("b");
		this.topics.echo("b");
		Mill mill = this.topics.start();
		this.topics.awaitResults("1", "2");
		mill.stop();
		this.topics.awaitEnd();
		this.topics.end("a");
		this.topics.echo("b");
		this.topics.completes();
		this.topics.append("a", 2, 3);
		this.topics.append("b", 3);
		this.topics.end("b");
		this.topics.end("a");
		this.topics.echo("b").waitForMore(false);
		this.topics.completes();
		assertThat(this.topics.results()).containsExactly("1", "2", "END", "3", "END");
	}

	@Test
	void dropsEverythingUpToAnOwedMarkWhereSegmentsAreAligned() throws Exception {
		this.topics.set("b", "align-segments", "true");
		for (int segment = 0; segment < 3; segment++) {
			int owed = (segment == 0) ? 0 : 1;
			this.topics.append("a", 1, 2);
			this.topics.end("a");
			this.topics.append("b", 1, 2, 3, 4);
			this.topics.end("b");
			this.topics.echo("b");
			this.topics.completes();
			MillCounters.Input b = this.topics.mill().counters().inputs().get("b");
			// of 1, 2, 3, 4 the last two were there when a was over
			assertThat(b.skipped(SkipReason.SEGMENT).get()).isEqualTo(owed * 2);
			Accounting.assertAccounted(this.topics.mill(), "b", 2, 0);
		}
		assertThat(this.topics.results()).containsExactly("1", "2", "END", "1", "2", "END", "1", "2", "END");
	}

	@Test
	void aWindowThatIsOpenWhenTheFunctionEndsTheStreamIsReadAgain() throws Exception {
		this.topics.append("a", 1, 2, 11, 12, 21);
		this.topics.end("a");
		windows(true);
		this.topics.completes();
		assertThat(this.topics.results()).containsExactly("2", "END");
		assertThat(this.topics.committed("a").offset()).isEqualTo(2);
		windows(false).waitForMore(false);
		Mill mill = this.topics.start();
		this.topics.awaitResults("2", "END", "2");
		// its mark is owed, so the last window is open still
		mill.stop();
		this.topics.awaitEnd();
		this.topics.append("a", 31);
		this.topics.end("a");
		windows(false);
		this.topics.completes();
		assertThat(this.topics.results()).containsExactly("2", "END", "2", "1", "1", "END");
	}

	/** Writes the sizes of windows. */
	private MillBuilder windows(boolean once) {
		MillBuilder builder = this.topics.begin();
		Input<Long> a = this.topics.master();
		this.topics.output();
		return builder.windowBy(KeyFunction.<Long>ofLong("ten", (element) -> element / 10)).process((delivery) -> {
			if (once) {
				delivery.context().endOfStream();
			}
			return (long) delivery.window(a).size();
		});
	}

	@Test
	void aSilentSecondaryIsOverAfterTheDataTimeout() throws Exception {
		this.topics.append("a", 1, 2, 3);
		this.topics.append("b", 1);
		this.topics.echo("b").dataTimeout(Duration.ofMillis(400));
		this.topics.completes();
		assertThat(this.topics.results()).containsExactly("1", "END");
	}

	@Test
	void aDecoderThatLeavesTheInterruptFlagSetStopsNothing() throws Exception {
		this.topics.decode("a", (bytes) -> {
			Thread.currentThread().interrupt();
			return Long.valueOf(new String(bytes, StandardCharsets.UTF_8));
		});
		this.topics.append("a", 1, 2);
		this.topics.echo();
		this.topics.start();
		this.topics.awaitResults("1", "2");
		this.topics.append("a", 3);
		this.topics.awaitResults("1", "2", "3");
		assertThat(this.topics.mill().status().unavailableSince()).isNull();
		this.topics.append("a", 4);
		this.topics.end("a");
		assertThat(this.topics.awaitEnd()).isEqualTo(MillState.COMPLETED);
		assertThat(this.topics.results()).containsExactly("1", "2", "3", "4", "END");
		assertThat(this.topics.mill().status().lastError()).isNull();
	}

	/**
	 * A decoder that is held up at every element until it is let go on.
	 */
	private static ElementDecoder<Long> decoder(CountDownLatch goOn) {
		return (bytes) -> {
			goOn.await();
			return Long.valueOf(new String(bytes, StandardCharsets.US_ASCII));
		};
	}

	@Test
	void aStreamIsNotOverAsLongAsWhatWasFetchedIsDecoded() throws Exception {
		CountDownLatch goOn = new CountDownLatch(1);
		this.topics.decode("a", decoder(goOn));
		this.topics.append("a", 1, 2, 3);
		this.topics.echo().dataTimeout(Duration.ofMillis(200));
		Mill mill = this.topics.start();
		assertThat(mill.awaitEnd(Duration.ofSeconds(1))).as("%s", mill.status()).isFalse();
		goOn.countDown();
		assertThat(this.topics.awaitEnd()).isEqualTo(MillState.COMPLETED);
		assertThat(this.topics.results()).containsExactly("1", "2", "3", "END");
	}

	@Test
	void aSecondaryIsNotOverAsLongAsWhatWasFetchedIsDecoded() throws Exception {
		CountDownLatch goOn = new CountDownLatch(1);
		this.topics.decode("b", decoder(goOn));
		this.topics.append("a", 1, 2, 3);
		this.topics.end("a");
		this.topics.append("b", 1, 2, 3);
		this.topics.echo("b").dataTimeout(Duration.ofMillis(200));
		Mill mill = this.topics.start();
		assertThat(mill.awaitEnd(Duration.ofSeconds(1))).as("%s", mill.status()).isFalse();
		goOn.countDown();
		assertThat(this.topics.awaitEnd()).isEqualTo(MillState.COMPLETED);
		assertThat(this.topics.results()).containsExactly("1", "2", "3", "END");
	}

	@Test
	void aMillThatHadCompletedLooksForMoreBehindWhatIsDecoded() throws Exception {
		this.topics.append("a", 1);
		this.topics.end("a");
		this.topics.echo();
		this.topics.completes();
		this.topics.append("a", 2);
		this.topics.end("a");
		CountDownLatch goOn = new CountDownLatch(1);
		this.topics.decode("a", decoder(goOn));
		this.topics.echo().waitForMore(false);
		Mill mill = this.topics.start();
		assertThat(mill.awaitEnd(Duration.ofSeconds(1))).as("%s", mill.status()).isFalse();
		goOn.countDown();
		assertThat(this.topics.awaitEnd()).isEqualTo(MillState.COMPLETED);
		assertThat(this.topics.results()).containsExactly("1", "END", "2", "END");
	}

	@Test
	void aSelfJoinEndsAtOneMarkForBothSides() throws Exception {
		for (int segment = 0; segment < 2; segment++) {
			this.topics.append("a", 1, 2, 3);
			this.topics.end("a");
			MillBuilder builder = this.topics.begin();
			Input<Long> a = this.topics.master();
			builder.join(a, Cluster.topic("next", Long.class, this.topics.topic("a")), this.topics.broker())
				.onLong((left) -> left + 1, (right) -> right)
				.many();
			this.topics.output();
			builder.process((delivery) -> delivery.get(a)).waitForMore(false);
			this.topics.completes();
		}
		assertThat(this.topics.results()).containsExactly("1", "2", "END", "1", "2", "END");
	}

}
