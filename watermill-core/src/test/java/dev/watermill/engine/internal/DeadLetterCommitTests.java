package dev.watermill.engine.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;

import dev.watermill.Crash;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Mills of files whose dead letters go to files, taken up again after crashes and changes
 * of the application; with {@code -Dletters.step=1} after crashes at each commit and each
 * delivery.
 */
class DeadLetterCommitTests {

	private static final JsonMapper JSON = new JsonMapper();

	private static final int ELEMENTS = 60;

	private static final int STEP = Integer.getInteger("letters.step", 13);

	private static final MillListener NOBODY = new MillListener() {
	};

	private final JsonFileBroker files = JsonFileBroker.builder(JSON).build();

	@TempDir
	private Path directory;

	private Path master;

	private Path child;

	/**
	 * Elements of equal keys, in windows of several, with bad ones between them.
	 */
	@BeforeEach
	void write() throws IOException {
		Random random = new Random(7);
		this.master = Files.write(this.directory.resolve("master.jsonl"), stream(random));
		this.child = Files.write(this.directory.resolve("child.jsonl"), stream(random));
	}

	private static List<String> stream(Random random) {
		List<String> lines = new ArrayList<>();
		int key = 0;
		for (int i = 0; i < ELEMENTS; i++) {
			key += random.nextInt(2);
			int kind = random.nextInt(5);
			Object shown = (kind == 0) ? "\"bad\"" : (kind == 1) ? key - 1 - random.nextInt(3) : key;
			lines.add("{\"key\":" + shown + ",\"id\":" + i + "}");
		}
		return lines;
	}

	private Path file(String run, String name) {
		return this.directory.resolve(run).resolve(name);
	}

	private <T> StreamDefinition<T> bound(String stream, Class<T> type, Path file) {
		return new StreamDefinition<>(stream, type, Map.of(JsonFileBroker.FILE_PROPERTY, file.toString()));
	}

	private MillBuilder builder(String run, ErrorPolicy policy) {
		AtomicLong ticks = new AtomicLong();
		MillBuilder builder = Mill.builder("mill").stateDirectory(file(run, "state"));
		Input<Element> from = builder.from(bound("master", Element.class, this.master), this.files);
		JoinMany<Element, Element> to = builder.join(from, bound("child", Element.class, this.child), this.files)
			.onLong(Element::key, Element::key)
			.many();
		for (Input<?> input : List.of(from, to)) {
			input.onInvalid(policy);
			input.onDisorder(policy);
		}
		return builder.windowBy(KeyFunction.ofLong("window", (Element element) -> element.key / 4))
			.process((delivery) -> {
				List<Element> window = delivery.window(from);
				if (window.get(0).key / 4 % 3 == 1) {
					throw new IllegalStateException("as intended");
				}
				return Map.of("window", window, "matches", delivery.get(to).size());
			})
			.retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO))
			.onError(policy)
			.to(bound("out", Map.class, file(run, "out.jsonl")), Map.class, this.files)
			.commitInterval(Duration.ofNanos(1))
			.clock(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), ticks::incrementAndGet);
	}

	private Mill mill(String run, String letters, MillListener listener) {
		return builder(run, ErrorPolicy.DEAD_LETTER)
			.deadLetters(bound("letters", DeadLetter.class, file(run, letters)), this.files)
			.listener(listener)
			.build();
	}

	/**
	 * The lines of a file, without stack traces: by which way the merge came to an
	 * element is of no account.
	 */
	private List<JsonNode> lines(Path file) throws IOException {
		byte[] bytes;
		if (file.toString().endsWith(".gz")) {
			try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
				bytes = in.readAllBytes();
			}
		}
		else {
			bytes = Files.readAllBytes(file);
		}
		List<JsonNode> lines = new String(bytes, StandardCharsets.UTF_8).lines().map(JSON::readTree).toList();
		lines.forEach((line) -> ((ObjectNode) line).remove("stackTrace"));
		return lines;
	}

	@ParameterizedTest
	@ValueSource(strings = { "letters.jsonl", "letters.jsonl.gz" })
	void areWrittenOnceIfTheMillCrashesAtACommitOrDelivery(String letters) throws IOException {
		Counting undisturbed = new Counting(Integer.MAX_VALUE, Integer.MAX_VALUE);
		Mill whole = mill("whole", letters, undisturbed);
		assertThat(whole.run()).isEqualTo(MillState.COMPLETED);
		List<JsonNode> expected = lines(file("whole", letters));
		assertThat(expected).extracting((line) -> line.get("reason").asString())
			.contains("invalid", "disorder", "failed");
		assertThat(expected).extracting((line) -> line.get("stream").asString()).contains("master", "child");
		List<JsonNode> results = lines(file("whole", "out.jsonl"));
		assertThat(undisturbed.commits).isGreaterThan(20);
		for (int i = 1; i <= undisturbed.commits + undisturbed.deliveries; i += STEP) {
			int commit = (i <= undisturbed.commits) ? i : Integer.MAX_VALUE;
			int delivery = (i > undisturbed.commits) ? i - undisturbed.commits : Integer.MAX_VALUE;
			String run = "crash-" + i;
			assertThat(mill(run, letters, new Counting(commit, delivery)).run()).as(run).isEqualTo(MillState.FAILED);
			assertThat(mill(run, letters, NOBODY).run()).as(run).isEqualTo(MillState.COMPLETED);
			assertThat(lines(file(run, letters))).as("dead letters after %s", run).isEqualTo(expected);
			assertThat(lines(file(run, "out.jsonl"))).as("results after %s", run).isEqualTo(results);
		}
	}

	@Test
	void goesOnWhereItWasIfDeadLettersComeToHaveAPlace() throws IOException {
		MillBuilder before = builder("run", ErrorPolicy.SKIP).listener(new Counting(20, Integer.MAX_VALUE));
		assertThat(before.build().run()).isEqualTo(MillState.FAILED);
		Mill after = mill("run", "a-letters.jsonl", NOBODY);
		assertThat(after.commitPlace()).endsWith("out.jsonl.checkpoint");
		assertThat(after.run()).isEqualTo(MillState.COMPLETED);
		Mill whole = mill("whole", "letters.jsonl", NOBODY);
		assertThat(whole.run()).isEqualTo(MillState.COMPLETED);
		assertThat(lines(file("run", "out.jsonl"))).isEqualTo(lines(file("whole", "out.jsonl")));
		List<JsonNode> all = lines(file("whole", "letters.jsonl"));
		List<JsonNode> written = lines(file("run", "a-letters.jsonl"));
		assertThat(written).hasSizeLessThan(all.size()).isNotEmpty();
		assertThat(all).containsAll(written);
	}

	@Test
	void haveTheCheckpointOfAMillThatWritesNothingElse() throws IOException {
		Mill mill = consumer().listener(new Counting(10, Integer.MAX_VALUE)).build();
		assertThat(mill.commitPlace()).endsWith("letters.jsonl.checkpoint");
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(consumer().build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(lines(file("run", "letters.jsonl"))).extracting((line) -> line.get("origin").get("line").asInt())
			.isSorted()
			.doesNotHaveDuplicates()
			.hasSizeGreaterThan(10);
	}

	private MillBuilder consumer() {
		AtomicLong ticks = new AtomicLong();
		MillBuilder builder = Mill.builder("mill").stateDirectory(file("run", "state"));
		Input<Element> from = builder.from(bound("master", Element.class, this.master), this.files);
		from.onInvalid(ErrorPolicy.DEAD_LETTER);
		return builder.forEach((delivery) -> {
		})
			.deadLetters(bound("letters", DeadLetter.class, file("run", "letters.jsonl")), this.files)
			.commitInterval(Duration.ofNanos(1))
			.clock(Clock.systemUTC(), ticks::incrementAndGet);
	}

	@Test
	void areReplacedWhenAMillOfFilesStartsAfresh() throws IOException {
		assertThat(mill("run", "letters.jsonl", NOBODY).run()).isEqualTo(MillState.COMPLETED);
		List<JsonNode> first = lines(file("run", "letters.jsonl"));
		Mill again = mill("run", "letters.jsonl", NOBODY);
		assertThat(again.run()).isEqualTo(MillState.COMPLETED);
		assertThat(lines(file("run", "letters.jsonl"))).isEqualTo(first);
		long invalid = first.stream()
			.filter((line) -> line.get("stream").asString().equals("child")
					&& line.get("reason").asString().equals("invalid"))
			.count();
		assertThat(again.counters().inputs().get("child").deadLettered(SkipReason.INVALID).get()).isEqualTo(invalid);
	}

	record Element(long key, int id) {

	}

	/**
	 * Crashes at a commit or a delivery.
	 */
	private static final class Counting implements MillListener {

		private final int lastCommit;

		private final int lastDelivery;

		private int commits;

		private int deliveries;

		Counting(int lastCommit, int lastDelivery) {
			this.lastCommit = lastCommit;
			this.lastDelivery = lastDelivery;
		}

		@Override
		public void committed(long nanos) {
			if (++this.commits == this.lastCommit) {
				throw new Crash();
			}
		}

		@Override
		public void delivered(long nanos) {
			if (++this.deliveries == this.lastDelivery) {
				throw new Crash();
			}
		}

	}

}
