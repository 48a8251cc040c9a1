package dev.watermill.broker.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamWriter;
import dev.watermill.broker.checkpoint.internal.CheckpointFile;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Files of mills that can be taken over while they are alive, and the lock of the others.
 */
class OutputLockTests {

	@TempDir
	private Path directory;

	private StreamSink<Object> sink(String name) {
		return JsonFileBroker.builder(TestFiles.JSON)
			.build()
			.sink(TestFiles.definition(this.directory.resolve(name), Object.class));
	}

	private static CommitLog log(String place, String session) {
		return new FencedLog(new CommitLog.Holder(new LaneId("speed", 0), place, session), () -> {
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "out.jsonl", "out.json", "out.jsonl.gz" })
	void aMillThatWasTakenOverCanNotTouchWhatItsSuccessorWrote(String name) throws IOException {
		StreamWriter<Object> zombie = sink(name).open(null, log("place", "1"));
		zombie.write(1);
		Position committed = zombie.flush();
		zombie.write(2);
		try (StreamWriter<Object> successor = sink(name).open(committed, log("place", "2"))) {
			successor.write(3);
			successor.flush();
			zombie.write(4);
			assertThatExceptionOfType(MillTakenOverException.class).isThrownBy(zombie::flush)
				.withMessageContaining("another instance took over the mill 'speed'");
			zombie.close();
			successor.write(5);
			successor.endOfStream();
			successor.flush();
			successor.committed(true);
		}
		assertThat(TestFiles.read(this.directory.resolve(name), Integer.class).elements()).containsExactly(1, 3, 5);
	}

	@Test
	void aMillThatWasTakenOverGivesNoFileItsName() throws IOException {
		StreamWriter<Object> zombie = sink("out.json").open(null, log("place", "1"));
		zombie.write(1);
		zombie.endOfStream();
		zombie.flush();
		try (StreamWriter<Object> successor = sink("out.json").open(null, log("place", "2"))) {
			successor.write(2);
			successor.flush();
			assertThatExceptionOfType(MillTakenOverException.class).isThrownBy(() -> zombie.committed(true));
			assertThat(this.directory.resolve("out.json")).doesNotExist();
		}
	}

	@Test
	void whoHoldsThePlaceNoMoreDoesNotCutTheFile() throws IOException {
		Position committed;
		try (StreamWriter<Object> successor = sink("out.jsonl").open(null, log("place", "2"))) {
			successor.write(1);
			committed = successor.flush();
			successor.write(2);
			successor.flush();
			CommitLog lost = new FencedLog(new CommitLog.Holder(new LaneId("speed", 0), "place", "1"), () -> {
				throw new MillTakenOverException("lost");
			});
			assertThatExceptionOfType(MillTakenOverException.class)
				.isThrownBy(() -> sink("out.jsonl").open(committed, lost));
			successor.write(3);
			successor.flush();
		}
		assertThat(this.directory.resolve("out.jsonl")).hasContent("1\n2\n3\n");
	}

	@Test
	void aSecondMillIsRefusedWhicheverWayTheyCommit() throws IOException {
		Files.createSymbolicLink(this.directory.resolve("link"), this.directory);
		try (StreamWriter<Object> first = sink("out.json").open(null, log("place", "1"))) {
			assertThatExceptionOfType(MillTakenOverException.class)
				.isThrownBy(() -> sink("link/out.json").open(null, log("other", "1")))
				.withMessageContaining(this.directory.toRealPath().resolve("out.json").toString());
			assertThatExceptionOfType(MillTakenOverException.class).isThrownBy(() -> beside("link/out.json"));
			first.write(1);
			first.flush();
		}
		try (CommitLog alone = beside("link/out.json")) {
			assertThat(alone.read()).isNull();
			assertThatExceptionOfType(MillTakenOverException.class)
				.isThrownBy(() -> sink("out.json").open(null, log("place", "1")));
			assertThatExceptionOfType(MillTakenOverException.class).isThrownBy(() -> beside("out.json"));
		}
		sink("out.json").open(null, log("other", "1")).close();
	}

	@Test
	void everyFileOfAMillIsLockedBeforeItsCheckpointIsRead() {
		StreamSink<Object> second = sink("z.jsonl");
		CommitScope scope = new CommitScope(new LaneId("speed", 0), "1", Map.of(),
				Map.of("a", sink("a.jsonl"), "z", second), null, null);
		try (CommitLog held = CheckpointFile.beside(this.directory.resolve("a.jsonl"), false).open(scope)) {
			assertThatExceptionOfType(MillTakenOverException.class).isThrownBy(() -> beside("z.jsonl"));
			second.open(null, held).close();
			assertThatExceptionOfType(MillTakenOverException.class).isThrownBy(() -> beside("z.jsonl"));
		}
		beside("z.jsonl").close();
	}

	private CommitLog beside(String output) {
		return CheckpointFile.beside(this.directory.resolve(output), false)
			.open(CommitScope.of(new LaneId("other", 0)));
	}

	/**
	 * Stands for transactions.
	 */
	private record FencedLog(CommitLog.Holder who, Runnable check) implements CommitLog {

		@Override
		public @Nullable Checkpoint read() {
			return null;
		}

		@Override
		public void commit(Checkpoint checkpoint) {
		}

		@Override
		public Optional<CommitLog.Holder> holder() {
			return Optional.of(this.who);
		}

		@Override
		public void requireHeld() {
			this.check.run();
		}

		@Override
		public void close() {
		}

	}

}
