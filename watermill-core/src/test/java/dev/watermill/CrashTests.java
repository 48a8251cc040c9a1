package dev.watermill;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

import dev.watermill.engine.MillState;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A mill that is killed, again and again, with {@code kill -9}, each time after its
 * checkpoint has moved.
 */
class CrashTests {

	private static final Pattern LENGTH = Pattern.compile("\"count\"\\s*:\\s*(\\d+)");

	@TempDir
	private Path directory;

	/**
	 * {@code -Dcrash.kills} says how often.
	 */
	@Test
	void killsLeaveTheOutputOfAnUndisturbedRun() throws Exception {
		int kills = Integer.getInteger("crash.kills", 12);
		List<Long> killedAt = killAndCompare("speeds.jsonl", 400_000, kills, 2_000);
		assertThat(killedAt).hasSize(kills).isSorted().doesNotHaveDuplicates();
		// spread over the stream, and not bunched at one of its ends
		assertThat(killedAt.get(kills / 3)).isBetween(60_000L, 240_000L);
		assertThat(killedAt.get(kills - 1)).isGreaterThan(280_000L);
	}

	@Test
	void killsLeaveAnArrayWhole() throws Exception {
		assertThat(killAndCompare("speeds.json", 100_000, 5, 5_000)).hasSize(5);
	}

	@Test
	void killsLeaveCompressedOutputReadable() throws Exception {
		assertThat(killAndCompare("speeds.jsonl.gz", 100_000, 5, 5_000)).hasSize(5);
	}

	/**
	 * {@code -Dcrash.later.kills} says how often.
	 */
	@Test
	void killsOfAFunctionThatAnswersLaterLeaveTheOutputOfAnUndisturbedRun() throws Exception {
		int kills = Integer.getInteger("crash.later.kills", 4);
		assertThat(killAndCompare("speeds.jsonl", 1_000 * kills, kills, -1)).hasSize(kills);
	}

	/**
	 * Kill a mill, let it finish, and compare its output with that of an undisturbed run.
	 * @return where the mill was when it was killed
	 */
	private List<Long> killAndCompare(String output, int elements, int kills, long nanos) throws Exception {
		Path locations = writeLocations(elements);
		Path undisturbed = this.directory.resolve("undisturbed-" + output);
		assertThat(FileSelfJoin.mill(locations, undisturbed, Duration.ofMillis(100), 0).run())
			.isEqualTo(MillState.COMPLETED);

		Path disturbed = this.directory.resolve(output);
		List<Long> killedAt = new ArrayList<>();
		long reached = 0;
		for (int i = 1; i <= kills; i++) {
			// at least one commit further than before, and about as far as its turn is
			long target = Math.max(reached + 1, (long) elements * i / (kills + 1) - elements / (kills * 4L));
			Process process = JavaProcess.start(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
					FileSelfJoin.class, locations, disturbed, 10, nanos);
			Awaitility.await()
				.pollInterval(Duration.ofMillis(2))
				.atMost(Duration.ofMinutes(1))
				.until(() -> !process.isAlive() || committed(disturbed) >= target);
			assertThat(process.isAlive()).as("alive at kill %d", i).isTrue();
			// SIGKILL on every Unix
			process.destroyForcibly().waitFor();
			reached = committed(disturbed);
			killedAt.add(reached);
		}
		System.out.println("killed at " + killedAt + " of " + elements);
		String last = JavaProcess.outputOf(JavaProcess.start(List.of("-Xmx128m"), FileSelfJoin.class, locations,
				disturbed, 100, Math.min(nanos, 0)));
		assertThat(last).contains("COMPLETED");
		assertSame(disturbed, undisturbed);
		return killedAt;
	}

	private static void assertSame(Path actual, Path expected) throws IOException {
		if (expected.toString().endsWith(".gz")) {
			// members end where commits were, so it is what they hold that is the same
			try (GZIPInputStream one = new GZIPInputStream(Files.newInputStream(actual));
					GZIPInputStream other = new GZIPInputStream(Files.newInputStream(expected))) {
				assertThat(one.readAllBytes()).isEqualTo(other.readAllBytes());
			}
		}
		else {
			assertThat(Files.mismatch(actual, expected)).as("first byte that differs").isEqualTo(-1);
		}
	}

	/**
	 * How many elements of the master are behind the last commit.
	 */
	private static long committed(Path output) throws IOException {
		Path checkpoint = output.resolveSibling(output.getFileName() + ".checkpoint");
		if (!Files.exists(checkpoint)) {
			return 0;
		}
		Matcher matcher = LENGTH.matcher(Files.readString(checkpoint));
		return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
	}

	private Path writeLocations(int elements) throws IOException {
		Path locations = this.directory.resolve("locations.jsonl");
		try (BufferedWriter writer = new BufferedWriter(
				new OutputStreamWriter(Files.newOutputStream(locations), StandardCharsets.UTF_8))) {
			for (int i = 0; i < elements; i++) {
				writer
					.write("{\"time\":" + i * 10L + ",\"x\":" + (i % 1000) / 4.0 + ",\"y\":" + (i % 777) / 8.0 + "}\n");
			}
		}
		return locations;
	}

}
