package dev.watermill.broker.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import dev.watermill.broker.Batch;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamSource;
import dev.watermill.broker.StreamWriter;
import dev.watermill.codec.InvalidElement;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link InMemoryBroker}, besides those of the compatibility kit.
 */
class InMemoryBrokerTests {

	private static final LaneId MILL = new LaneId("mill", 0);

	private final InMemoryBroker broker = new InMemoryBroker(3);

	private static StreamDefinition<String> definition(String name) {
		return StreamDefinition.of(name, String.class);
	}

	@Test
	void readsAListWithoutCopyingIt() throws InterruptedException {
		List<String> list = new ArrayList<>(Arrays.asList("a", null, "c", "d"));
		this.broker.stream("in").complete(list);
		try (StreamReader<String> reader = this.broker.source(definition("in")).open(MILL, null)) {
			Batch<String> batch = reader.read(Duration.ZERO);
			assertThat(batch.size()).isEqualTo(3);
			assertThat(batch.element(0)).isSameAs(list.get(0));
			assertThat(batch.element(1)).isInstanceOf(InvalidElement.class);
			assertThat(batch.status()).isEqualTo(Batch.Status.OPEN);
			assertThat(batch.origin(2)).isEqualTo("in[2]");
			assertThat(reader.remaining()).hasValue(1);
			assertThat(reader.read(Duration.ZERO).status()).isEqualTo(Batch.Status.ENDED);
		}
	}

	@Test
	void sharesOneStreamBetweenTwoNodes() {
		this.broker.stream("robots").append("a");
		StreamDefinition<String> next = new StreamDefinition<>("next", String.class, Map.of("stream", "robots"));
		assertThat(this.broker.source(next).resource()).isEqualTo(this.broker.source(definition("robots")).resource());
		assertThat(this.broker.source(next).location()).isEqualTo("in-memory stream robots");
	}

	@Test
	void commitsSeveralStreamsAtOnce() {
		StreamSink<String> one = this.broker.sink(definition("one"));
		StreamSink<String> two = this.broker.sink(definition("two"));
		Checkpoint checkpoint = new Checkpoint(Map.of(), Map.of("one", Position.of("offset", 1)), false);
		try (CommitLog log = this.broker.commitPlace().open(CommitScope.of(MILL));
				StreamWriter<String> first = one.open(null, log);
				StreamWriter<String> second = two.open(null, log)) {
			first.write("a");
			second.write("b");
			second.endOfStream();
			assertThat(first.flush().number("offset")).isOne();
			second.flush();
			second.write("not flushed");
			assertThat(this.broker.stream("one").elements()).isEmpty();
			assertThat(this.broker.committed(MILL)).isEmpty();
			log.commit(checkpoint);
			assertThat(this.broker.stream("one").elements()).containsExactly("a");
			assertThat(this.broker.stream("two").elements()).containsExactly("b");
			assertThat(this.broker.stream("two").isEnded()).isTrue();
			assertThat(this.broker.committed(MILL)).hasValue(checkpoint);
		}
	}

	@Test
	void showsResultsAtOnceWhereTheMillCommitsElsewhere() {
		CommitLog elsewhere = new InMemoryBroker().commitPlace().open(CommitScope.of(MILL));
		StreamSink<String> sink = this.broker.sink(definition("out"));
		Position position;
		try (StreamWriter<String> writer = sink.open(null, elsewhere)) {
			writer.write("a");
			position = writer.flush();
			writer.write("b");
			writer.flush();
		}
		assertThat(this.broker.stream("out").elements()).containsExactly("a", "b");
		sink.open(position, elsewhere).close();
		assertThat(this.broker.stream("out").elements()).containsExactly("a");
	}

	@Test
	void refusesPositionsThatAreNotThere() {
		this.broker.stream("in").append("a").end();
		assertThatExceptionOfType(BrokerException.class)
			.isThrownBy(() -> this.broker.source(definition("in")).open(MILL, Position.of("offset", 2)))
			.withMessageContaining("has changed before the position");
		CommitLog log = this.broker.commitPlace().open(CommitScope.of(MILL));
		assertThatExceptionOfType(BrokerException.class)
			.isThrownBy(() -> this.broker.sink(definition("in")).open(Position.of("offset", 2), log))
			.withMessageContaining("2 were committed");
	}

	@Test
	void appendsNothingToAStreamThatHasEnded() {
		InMemoryStream<String> stream = this.broker.<String>stream("in").append("a").end();
		assertThatIllegalStateException().isThrownBy(() -> stream.append("b"));
		assertThatIllegalArgumentException().isThrownBy(() -> new InMemoryBroker(0));
	}

	@Test
	void givesEachLaneItsPartition() throws InterruptedException {
		this.broker.stream("in", 2).partition(1).append("a").append("b").end();
		StreamSource<String> source = this.broker.source(definition("in"));
		assertThat(source.partitions()).hasValue(2);
		assertThat(this.broker.source(definition("whole")).partitions()).isEmpty();
		StreamSink<String> sink = this.broker.sink(definition("out"));
		sink.prepare(2);
		try (StreamReader<String> reader = source.open(new LaneId("mill", 1), null);
				CommitLog log = this.broker.commitPlace().open(CommitScope.of(new LaneId("mill", 1)));
				StreamWriter<String> writer = sink.lane(1).open(null, log)) {
			assertThat(reader.read(Duration.ZERO).size()).isEqualTo(2);
			writer.write("c");
			writer.endOfStream();
			writer.flush();
			log.commit(new Checkpoint(Map.of(), Map.of(), true));
		}
		InMemoryStream<String> out = this.broker.stream("out");
		assertThat(out.partitions()).isEqualTo(2);
		assertThat(out.partition(0).elements()).isEmpty();
		assertThat(out.partition(1).elements()).containsExactly("c");
		assertThat(out.partition(1).isEnded()).isTrue();
		assertThat(out.isEnded()).isFalse();
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> sink.prepare(3))
			.withMessageContaining("has 2 partitions, but 3 lanes");
		assertThatIllegalStateException().isThrownBy(() -> out.append("d")).withMessageContaining("partition(0)");
	}

	@Test
	void readsAPartitionFromMarkToMark() throws InterruptedException {
		InMemoryStream<String> partition = this.broker.<String>stream("in", 1).partition(0);
		partition.append("a").end().append("b").append("c").end();
		StreamSource<String> source = this.broker.source(definition("in"));
		Batch<String> first = read(source, null);
		assertThat(first.status()).isEqualTo(Batch.Status.ENDED);
		assertThat(first.toArray()).containsExactly("a");
		assertThat(read(source, first.position(1)).status()).as("before it completes").isEqualTo(Batch.Status.ENDED);
		Batch<String> second = read(source, source.completed(first.position(1), true));
		assertThat(second.toArray()).containsExactly("b", "c");
		assertThat(second.status()).isEqualTo(Batch.Status.ENDED);
		assertThat(read(source, source.completed(second.position(2), true)).status()).isEqualTo(Batch.Status.CAUGHT_UP);
	}

	@Test
	void passesAMarkOverThatAPartitionOwes() throws InterruptedException {
		this.broker.<String>stream("in", 1).partition(0).append("a").append("b").end().append("c");
		StreamSource<String> source = this.broker.source(definition("in"));
		Position owes = source.completed(read(source, null).position(1), false);
		try (StreamReader<String> reader = source.open(MILL, owes)) {
			Batch<String> before = reader.read(Duration.ZERO);
			assertThat(before.toArray()).containsExactly("b");
			assertThat(before.status()).isEqualTo(Batch.Status.OPEN);
			assertThat(source.open(MILL, before.position(1)).read(Duration.ZERO).toArray()).containsExactly("c");
			Batch<String> behind = reader.read(Duration.ZERO);
			assertThat(behind.isSegmentStart()).isTrue();
			assertThat(behind.toArray()).containsExactly("c");
			assertThat(behind.status()).isEqualTo(Batch.Status.CAUGHT_UP);
		}
	}

	@Test
	void saysOnceThatTheOrderBeginsAnewThoughNothingIsThereYet() throws InterruptedException {
		InMemoryStream<String> stream = this.broker.<String>stream("in", 1).partition(0).append("a");
		StreamSource<String> source = this.broker.source(definition("in"));
		Position owes = source.completed(read(source, null).position(1), false);
		stream.end();
		try (StreamReader<String> reader = source.open(MILL, owes)) {
			Batch<String> behind = reader.read(Duration.ZERO);
			assertThat(behind.size()).isZero();
			assertThat(behind.isSegmentStart()).isTrue();
			assertThat(reader.read(Duration.ZERO).isSegmentStart()).isFalse();
			stream.append("b");
			Batch<String> next = reader.read(Duration.ZERO);
			assertThat(next.toArray()).containsExactly("b");
			assertThat(next.isSegmentStart()).isFalse();
		}
	}

	private static Batch<String> read(StreamSource<String> source, @Nullable Position from)
			throws InterruptedException {
		try (StreamReader<String> reader = source.open(MILL, from)) {
			return reader.read(Duration.ZERO);
		}
	}

	@Test
	void oneThatWasTakenOverTakesBackNothingOfItsSuccessor() {
		StreamSink<String> sink = this.broker.sink(definition("out"));
		CommitLog former = this.broker.commitPlace().open(CommitScope.of(MILL));
		try (CommitLog log = this.broker.commitPlace().open(CommitScope.of(MILL));
				StreamWriter<String> writer = sink.open(null, log)) {
			writer.write("a");
			writer.flush();
			log.commit(new Checkpoint(Map.of(), Map.of(), false));
		}
		assertThatExceptionOfType(MillTakenOverException.class).isThrownBy(() -> sink.open(null, former));
		assertThatExceptionOfType(MillTakenOverException.class)
			.isThrownBy(() -> former.commit(new Checkpoint(Map.of(), Map.of(), false)));
		assertThat(this.broker.stream("out").elements()).containsExactly("a");
		assertThat(this.broker.commitPlace().peek(List.of(CommitScope.of(MILL)))).containsOnlyKeys(MILL);
	}

}
