package dev.watermill.broker.checkpoint.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.stream.Position;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link CheckpointFile}.
 */
class CheckpointFileTests {

	private static final LaneId MILL = new LaneId("speed", 0);

	private static final Checkpoint CHECKPOINT = new Checkpoint(
			Map.of("in",
					new Checkpoint.Input(Position.of("offset", 17).with("text", "ü"),
							Map.of("a \"b\"", "1", "x", "x\""))),
			Map.of("out", Position.of("length", 1L << 40)), false);

	@TempDir
	private Path directory;

	private CheckpointFile beside() {
		return CheckpointFile.beside(this.directory.resolve("new/out.json"), false);
	}

	private Path file() {
		return this.directory.resolve("new/out.json.checkpoint");
	}

	@Test
	void standsBesideTheOutput() {
		try (CommitLog log = beside().open(CommitScope.of(MILL))) {
			log.commit(CHECKPOINT);
		}
		assertThat(file()).content().contains("\"mill\" : \"speed\"");
		try (CommitLog log = beside().open(CommitScope.of(MILL))) {
			assertThat(log.read()).isEqualTo(CHECKPOINT);
		}
		assertThat(beside().location()).isEqualTo("checkpoint " + file());
	}

	@Test
	void keepsTheMillsInADirectoryApart() {
		CheckpointFile place = CheckpointFile.in(this.directory.resolve("state"), true);
		for (LaneId lane : List.of(MILL, new LaneId("speed", 1), new LaneId("other/mill", 0))) {
			try (CommitLog log = place.open(CommitScope.of(lane))) {
				assertThat(log.read()).isNull();
				log.commit(CHECKPOINT);
			}
		}
		place.reset(CommitScope.of(MILL));
		try (CommitLog log = place.open(CommitScope.of(MILL));
				CommitLog other = place.open(CommitScope.of(new LaneId("speed", 1)))) {
			assertThat(log.read()).isNull();
			assertThat(other.read()).isEqualTo(CHECKPOINT);
		}
	}

	@Test
	void refusesTheCheckpointOfAnotherMill() {
		try (CommitLog log = beside().open(CommitScope.of(new LaneId("other", 0)))) {
			log.commit(CHECKPOINT);
		}
		try (CommitLog log = beside().open(CommitScope.of(MILL))) {
			assertThatExceptionOfType(BrokerException.class).isThrownBy(log::read)
				.withMessageContaining("'other'")
				.withMessageContaining("'speed'")
				.withMessageContaining(file().toString());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "[]", "{}", "null", "{\"version\":2,\"mill\":\"speed\",\"lane\":0}",
			"{\"version\":1,\"mill\":\"speed\",\"lane\":0,\"inputs\":{\"a\":1},\"outputs\":{},\"completed\":true}",
			"{\"version\":1,\"mill\":\"speed\",\"lane\":0,\"inputs\":{},\"outputs\":{\"a\":[]},\"completed\":true}",
			"{\"version\":1,\"mill\":[],\"lane\":0,\"inputs\":{},\"outputs\":{},\"completed\":true}" })
	void refusesWhatItCannotRead(String text) throws IOException {
		Files.createDirectories(file().getParent());
		Files.writeString(file(), text);
		try (CommitLog log = beside().open(CommitScope.of(MILL))) {
			assertThatExceptionOfType(BrokerException.class).isThrownBy(log::read)
				.withMessageContaining(file().toString())
				.withMessageContaining("reset the mill");
		}
	}

	@Test
	void saysThatItCannotBeWritten() throws IOException {
		try (CommitLog log = beside().open(CommitScope.of(MILL))) {
			Path full = Files.createSymbolicLink(Path.of(file() + ".part"), Path.of("/dev/full"));
			assertThatExceptionOfType(BrokerException.class).isThrownBy(() -> log.commit(CHECKPOINT))
				.withMessageContaining(file().toString())
				.withMessageContaining("No space left");
			assertThat(log.read()).isNull();
			Files.delete(full);
		}
	}

	@Test
	void keepsTheLastCommitIfTheNextIsTorn() throws IOException {
		try (CommitLog log = beside().open(CommitScope.of(MILL))) {
			log.commit(CHECKPOINT);
		}
		Files.writeString(Path.of(file() + ".part"), "{\"version\"");
		try (CommitLog log = beside().open(CommitScope.of(MILL))) {
			assertThat(log.read()).isEqualTo(CHECKPOINT);
			log.commit(CHECKPOINT);
		}
		assertThat(Path.of(file() + ".part")).doesNotExist();
	}

	@Test
	void refusesAnotherProcessUntilThisOneLetsGo() throws Exception {
		try (CommitLog log = beside().open(CommitScope.of(MILL))) {
			for (int i = 0; i < 2; i++) {
				// Being refused here must not let go of the lock of the operating system
				assertThatExceptionOfType(MillTakenOverException.class)
					.isThrownBy(() -> beside().open(CommitScope.of(MILL)));
			}
			assertThat(openElsewhere()).contains("MillTakenOverException", "in another process", "speed");
			log.commit(CHECKPOINT);
		}
		assertThat(openElsewhere()).contains("opened");
	}

	private String openElsewhere() throws Exception {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx64m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
				OpeningProcess.class.getName(), this.directory.resolve("new/out.json").toString())
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes());
		assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
		return output;
	}

	@Test
	void commitsNothingOnceItIsClosed() {
		CommitLog log = beside().open(CommitScope.of(MILL));
		log.close();
		log.close();
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> log.commit(CHECKPOINT));
	}

}
