package dev.watermill.tck;

import java.util.List;
import java.util.Map;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that every broker passes that reads, writes and commits, those of
 * {@link SourceCompatibilityKit} included. The author of a broker extends it, and
 * declares what else the broker can do by implementing {@link GrowingStreams} and
 * {@link KeepingOriginals}, and either {@link FencingCommits} or {@link LockingCommits};
 * each brings tests of its own.
 *
 * @since 0.1.0
 */
public abstract class BrokerCompatibilityKit extends SourceCompatibilityKit implements BrokerFixture {

	private static final String IN = "in";

	private static final String OUT = "out";

	@Test
	void writesWhereItReads() {
		given(IN, List.of());
		assertThat(broker().sink(definition(IN)).resource()).isEqualTo(broker().source(definition(IN)).resource());
	}

	@Test
	void writesResultsInOrder() {
		List<@Nullable Item> items = Streams.items(2000);
		try (WritingMill mill = WritingMill.start(this, OUT)) {
			mill.write(items);
			mill.complete();
		}
		assertThat(results(OUT)).isEqualTo(items);
		assertThat(isEnded(OUT)).isTrue();
	}

	@Test
	void readsWhatItWrote() throws InterruptedException {
		try (WritingMill mill = WritingMill.start(this, OUT)) {
			mill.write(Streams.items(500));
			mill.complete();
		}
		assertThat(Streams.rest(this, OUT, null)).isEqualTo(Streams.items(500));
	}

	@Test
	void endsAStreamWithoutResults() throws InterruptedException {
		try (WritingMill mill = WritingMill.start(this, OUT)) {
			mill.complete();
		}
		assertThat(results(OUT)).isEmpty();
		assertThat(isEnded(OUT)).isTrue();
		assertThat(Streams.rest(this, OUT, null)).isEmpty();
	}

	@Test
	void takesBackWhatWasNotCommitted() {
		List<@Nullable Item> items = Streams.items(3000);
		try (WritingMill mill = WritingMill.start(this, OUT)) {
			mill.write(items.subList(0, 1000));
			mill.commit(false);
			mill.write(items.subList(2000, 3000));
			mill.flush();
		}
		assertThat(isEnded(OUT)).isFalse();
		try (WritingMill mill = WritingMill.start(this, OUT)) {
			mill.write(items.subList(1000, 2000));
			mill.commit(false);
			mill.write(items.subList(0, 10));
		}
		try (WritingMill mill = WritingMill.start(this, OUT)) {
			mill.write(items.subList(2000, 3000));
			mill.complete();
		}
		assertThat(results(OUT)).isEqualTo(items);
	}

	@Test
	void takesBackEverythingIfNothingWasCommitted() {
		try (WritingMill mill = WritingMill.start(this, OUT)) {
			mill.write(Streams.items(100));
			mill.flush();
		}
		try (WritingMill mill = WritingMill.start(this, OUT)) {
			mill.complete();
		}
		assertThat(results(OUT)).isEmpty();
	}

	@Test
	void takesBackAnEndThatWasNotCommitted() {
		try (WritingMill mill = WritingMill.start(this, OUT)) {
			mill.write(Streams.items(1));
			mill.commit(false);
			mill.endOfStream();
			mill.flush();
		}
		try (WritingMill mill = WritingMill.start(this, OUT)) {
			mill.write(List.of(Item.of(1)));
			mill.complete();
		}
		assertThat(results(OUT)).isEqualTo(Streams.items(2));
		assertThat(isEnded(OUT)).isTrue();
	}

	@Test
	void commitsOften() {
		List<@Nullable Item> items = Streams.items(500);
		try (WritingMill mill = WritingMill.start(this, OUT)) {
			for (int i = 0; i < 500; i++) {
				mill.write(items.subList(i, i + 1));
				mill.commit(false);
				mill.commit(false);
			}
			mill.complete();
		}
		assertThat(results(OUT)).isEqualTo(items);
	}

	@Test
	void finishesAfterACrashBehindTheLastCommit() {
		Position completed;
		try (WritingMill mill = WritingMill.start(this, OUT)) {
			mill.write(Streams.items(3));
			mill.endOfStream();
			completed = mill.commitOnly(true);
		}
		Streams.sink(this, OUT).finish(completed);
		Streams.sink(this, OUT).finish(completed);
		assertThat(results(OUT)).isEqualTo(Streams.items(3));
		assertThat(isEnded(OUT)).isTrue();
	}

	@Test
	void goesOnOrBeginsAnewAfterCompletion() {
		try (WritingMill mill = WritingMill.start(this, OUT)) {
			mill.write(Streams.items(3));
			mill.complete();
		}
		boolean anew;
		try (WritingMill mill = WritingMill.start(this, OUT)) {
			anew = mill.sink().isBatch();
			mill.write(List.of(Item.of(3)));
			mill.complete();
		}
		assertThat(results(OUT)).isEqualTo(anew ? List.of(Item.of(3)) : Streams.items(4));
	}

	@Test
	void remembersACommit() {
		CommitPlace place = Streams.place(this, OUT);
		assertThat(place.location()).isNotBlank();
		Checkpoint.Input input = new Checkpoint.Input(Position.of("offset", Long.MAX_VALUE).with("zone", "früh"),
				Map.of("time + 10", "17", "a[\"b\"]", "\"text\""))
			.withLetters(Position.of("offset", 7), "3,1:2")
			.withDelivered("grün")
			.withRead("9 {\"offset\":7}");
		Checkpoint checkpoint = new Checkpoint(Map.of(IN, input), Map.of(OUT, Position.of("length", 5)), true);
		try (CommitLog log = place.open(Streams.scope())) {
			assertThat(log.read()).isNull();
			log.commit(new Checkpoint(Map.of(), Map.of(), false));
			log.commit(checkpoint);
		}
		try (CommitLog log = Streams.place(this, OUT).open(Streams.scope())) {
			assertThat(log.read()).isEqualTo(checkpoint);
		}
	}

	@Test
	void forgetsCommits() {
		CommitPlace place = Streams.place(this, OUT);
		place.reset(Streams.scope());
		try (CommitLog log = place.open(Streams.scope())) {
			log.commit(new Checkpoint(Map.of(), Map.of(), false));
		}
		place.reset(Streams.scope());
		try (CommitLog log = place.open(Streams.scope())) {
			assertThat(log.read()).isNull();
		}
	}

}
