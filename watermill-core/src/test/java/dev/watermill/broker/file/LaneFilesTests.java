package dev.watermill.broker.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

import dev.watermill.broker.Broker;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for files of which each lane writes one.
 */
class LaneFilesTests {

	@TempDir
	private Path directory;

	private final Broker broker = JsonFileBroker.builder(TestFiles.JSON).build();

	private StreamDefinition<Integer> definition(String name) {
		return new StreamDefinition<>("speed", Integer.class, Map.of("file", this.directory.resolve(name).toString()));
	}

	private StreamSink<Integer> sink(String name) {
		return this.broker.sink(definition(name));
	}

	private static CommitLog open(StreamSink<Integer> sink, int lane) {
		CommitScope scope = new CommitScope(new LaneId("mill", lane), CommitScope.newSession(), Map.of(),
				Map.of("speed", sink.lane(lane)), null, null);
		return sink.lane(lane).commitPlace().orElseThrow().open(scope);
	}

	@Test
	void givesEachLaneAFileAndACheckpointOfItsOwn() {
		StreamSink<Integer> sink = sink("{lane}/speed-{lane}.jsonl");
		sink.prepare(3);
		for (int lane : new int[] { 0, 2 }) {
			try (CommitLog log = open(sink, lane); StreamWriter<Integer> writer = sink.lane(lane).open(null, log)) {
				writer.write(lane);
				log.commit(new Checkpoint(Map.of(), Map.of("speed", writer.flush()), false));
			}
			assertThat(this.directory.resolve(lane + "/speed-" + lane + ".jsonl")).hasContent(lane + "\n");
			assertThat(this.directory.resolve(lane + "/speed-" + lane + ".jsonl.checkpoint")).exists();
		}
		assertThat(sink.lane(2)).isSameAs(sink.lane(2));
		assertThat(sink.location()).endsWith("{lane}/speed-{lane}.jsonl");
	}

	@Test
	void refusesSeveralLanesWithoutAPlaceholder() {
		StreamSink<Integer> sink = sink("speed.jsonl.gz");
		assertThatCode(() -> sink.prepare(1)).doesNotThrowAnyException();
		assertThat(sink.lane(0)).isSameAs(sink);
		assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> sink.prepare(2))
			.withMessageContaining("Stream 'speed'")
			.withMessageContaining("Put {lane} into its name, as in speed-{lane}.jsonl.gz");
	}

	@Test
	void givesOneInstanceAllLanes() {
		StreamSink<Integer> one = sink("speed-{lane}.jsonl");
		StreamSink<Integer> other = sink("speed-{lane}.jsonl");
		try (CommitLog second = open(one, 1)) {
			assertThatExceptionOfType(MillTakenOverException.class).isThrownBy(() -> open(other, 0))
				.withMessageContaining("in use in this process");
			open(one, 0).close();
			assertThat(second).isNotNull();
		}
		open(other, 0).close();
	}

	@Test
	void isOnePlaceWithEachOfItsFiles() throws IOException {
		Path real = this.directory.toRealPath();
		StreamSink<Integer> sink = sink("speed-{lane}.jsonl");
		assertThat(sink.writes(real.resolve("speed-12.jsonl"))).isTrue();
		assertThat(sink.writes(sink("speed-{lane}.jsonl").resource())).isTrue();
		assertThat(sink.writes(real.resolve("speed-.jsonl"))).isFalse();
		assertThat(sink.writes(real.resolve("speed-a.jsonl"))).isFalse();
		assertThat(sink.writes(real.resolve("speed.jsonl"))).isFalse();
		assertThat(this.broker.source(definition("speed-3.jsonl")).reads(sink.resource())).isTrue();
		assertThat(this.broker.source(definition("speed-*.jsonl")).reads(sink.resource())).isTrue();
		assertThat(this.broker.source(definition("speed-3.json")).reads(sink.resource())).isFalse();
		assertThat(sink("speed-1.jsonl").writes(sink.resource())).isTrue();
	}

}
