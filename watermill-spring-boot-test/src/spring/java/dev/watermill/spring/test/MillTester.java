package dev.watermill.spring.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.watermill.Mill;
import dev.watermill.broker.DeadLetter;
import dev.watermill.codec.InvalidElement;
import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;

/**
 * Runs the mills of a test over streams in memory: the real engine and real commits, no
 * files, no Kafka, nothing that starts by itself.
 *
 * <pre class="code">
 * &#064;WaterMillTest(RobotSpeedCalculator.class)
 * class RobotSpeedCalculatorTests {
 *
 *     &#064;Test
 *     void computesTheSpeed(&#064;Autowired MillTester tester) {
 *         tester.given(RobotLocation.class, new RobotLocation(0, 0, 0), new RobotLocation(10, 30, 40)).run();
 *         assertThat(tester.results(RobotSpeed.class)).containsExactly(new RobotSpeed(0, 5));
 *     }
 *
 * }
 * </pre>
 *
 * Elements go through JSON as they do everywhere else. Each test begins with empty
 * streams, and with the clock at {@link MillClock#START}. To be used by one thread.
 *
 * @since 0.1.0
 */
public final class MillTester {

	private static final long SEED = 1;

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final TestedMills mills;

	private final TestedStreams streams;

	private final MillClock clock;

	private final CrashFactory crashes;

	private final Given given = new Given();

	private @Nullable TestRun last;

	MillTester(TestedMills mills, TestedStreams streams, MillClock clock, CrashFactory crashes) {
		this.crashes = crashes;
		this.mills = mills;
		this.streams = streams;
		this.clock = clock;
	}

	/**
	 * Give elements to the stream of their type, behind those that it has.
	 * @param <T> the type of the elements
	 * @param type the type by which the stream is found
	 * @param elements the elements
	 * @return this tester
	 * @throws IllegalArgumentException if no stream is read as this type, or several are
	 */
	@SafeVarargs
	@SuppressWarnings("varargs")
	public final <T> MillTester given(Class<T> type, T... elements) {
		return given(type, Arrays.asList(elements));
	}

	/**
	 * Give elements to the stream of their type, behind those that it has.
	 * @param <T> the type of the elements
	 * @param type the type by which the stream is found
	 * @param elements the elements
	 * @return this tester
	 * @throws IllegalArgumentException if no stream is read as this type, or several are
	 */
	public <T> MillTester given(Class<T> type, List<? extends T> elements) {
		return add(names().read(type), elements);
	}

	/**
	 * Give elements to a partition of the stream of their type, behind those that it has.
	 * Streams have as many partitions then as the last one that is given anything needs,
	 * and a mill has a lane for each: all but those of files, and those that are set to
	 * {@code broadcast}.
	 * @param <T> the type of the elements
	 * @param partition the number of the partition, from 0
	 * @param type the type by which the stream is found
	 * @param elements the elements
	 * @return this tester
	 * @throws IllegalArgumentException if no stream is read as this type, or several are,
	 * or it has no such partition
	 */
	@SafeVarargs
	@SuppressWarnings("varargs")
	public final <T> MillTester given(int partition, Class<T> type, T... elements) {
		return add(names().read(type),
				Arrays.stream(elements).map((element) -> StreamRecord.of(element).inPartition(partition)).toList());
	}

	/**
	 * Give elements to a stream, behind those that it has.
	 * @param stream the name of the stream, in any relaxed form
	 * @param elements the elements, some of them perhaps as {@link StreamRecord} with
	 * what records of topics have besides, and in partitions; {@code null} is a
	 * tombstone, a record without a value
	 * @return this tester
	 * @throws IllegalArgumentException if no mill reads such a stream
	 */
	public MillTester given(String stream, @Nullable Object... elements) {
		return add(names().read(stream), Arrays.asList(elements));
	}

	private MillTester add(String stream, List<?> elements) {
		JsonEncoding encoding = JsonEncoding.of(this.streams.mapper(), Object.class);
		return addRecords(stream, elements.stream().map((element) -> record(element, encoding)).toList());
	}

	private MemoryRecord record(@Nullable Object element, JsonEncoding encoding) {
		StreamRecord record = (element instanceof StreamRecord known) ? known : StreamRecord.of(element);
		Object value = record.value();
		return new MemoryRecord(record.partition(), (value != null) ? encoding.encode(value) : null, null,
				record.keyBytes(), record.timestamp(), record.headerBytes(), this.clock.told());
	}

	/**
	 * Give elements as JSON to a stream, behind those that it has.
	 * @param stream the name of the stream, in any relaxed form
	 * @param json the elements, each of them well-formed or not
	 * @return this tester
	 * @throws IllegalArgumentException if no mill reads such a stream
	 */
	public MillTester givenJson(String stream, String... json) {
		return addRecords(names().read(stream),
				Arrays.stream(json)
					.map((text) -> new MemoryRecord(0, text.getBytes(StandardCharsets.UTF_8), null, null, null,
							Map.of(), this.clock.told()))
					.toList());
	}

	private MillTester addRecords(String stream, List<MemoryRecord> records) {
		this.given.add(stream, this.streams.useOf(stream), this.streams.placeOf(stream), records);
		return this;
	}

	/**
	 * Run the mills over all that was given, from its start to its end: those first that
	 * write what others read.
	 * @return this tester
	 * @throws MillFailedError if a mill failed
	 */
	public MillTester run() {
		MillFailedError failure = runOnce();
		if (failure != null) {
			throw failure;
		}
		this.clock.reachEnd();
		return this;
	}

	/**
	 * Run the mills over all that was given until one of them fails, which one of them is
	 * expected to.
	 * @return why it failed
	 * @throws AssertionError if all mills complete
	 */
	public Throwable runAndFail() {
		MillFailedError failure = runOnce();
		if (failure == null) {
			throw new AssertionError("No mill failed");
		}
		return Objects.requireNonNull(failure.getCause());
	}

	private @Nullable MillFailedError runOnce() {
		mills();
		this.clock.rewind();
		this.streams.begin(this.given);
		TestRun run = new TestRun(this.mills.toRun());
		this.last = run;
		return run.run();
	}

	/**
	 * Return the results of a type, as the function returned them, in the order in which
	 * they were written; those of several lanes one lane behind the other.
	 * @param <R> the type of the results
	 * @param type the type by which the output stream is found
	 * @return the results of the last run
	 * @throws IllegalArgumentException if no stream is written of this type, or several
	 * are
	 */
	public <R> List<R> results(Class<R> type) {
		return results(names().written(type), type);
	}

	/**
	 * Return the results in a stream, as the function returned them, in the order in
	 * which they were written; those of several lanes one lane behind the other.
	 * @param <R> the type of the results
	 * @param stream the name of the output stream, in any relaxed form
	 * @param type the type of the results
	 * @return the results of the last run
	 * @throws IllegalArgumentException if no mill writes such a stream
	 */
	public <R> List<R> results(String stream, Class<R> type) {
		return records(names().written(stream)).stream().map((record) -> result(stream, record, type)).toList();
	}

	/**
	 * Return the results in a stream with their keys, timestamps, headers and partitions.
	 * @param <R> the type of the results
	 * @param stream the name of the output stream, in any relaxed form
	 * @param type the type of the results
	 * @return the results of the last run
	 * @throws IllegalArgumentException if no mill writes such a stream
	 */
	public <R> List<StreamRecord> resultRecords(String stream, Class<R> type) {
		return records(names().written(stream)).stream()
			.map((record) -> StreamRecord.of(result(stream, record, type), record))
			.toList();
	}

	/**
	 * Return the results in a stream as they stand there, to be approved.
	 * @param stream the name of the output stream, in any relaxed form
	 * @return the results of the last run as JSON, each on one line
	 * @throws IllegalArgumentException if no mill writes such a stream
	 */
	public List<String> resultsAsJson(String stream) {
		return records(names().written(stream)).stream().map((record) -> DecodedBatch.text(record.json())).toList();
	}

	private <R> R result(String stream, MemoryRecord record, Class<R> type) {
		Object result = (record.written() != null) ? record.written()
				: new JsonDecoding(this.streams.mapper(), stream, type).decode(record);
		if (result instanceof InvalidElement invalid) {
			throw new AssertionError("A result in the stream '" + stream + "' can't be read as " + type.getSimpleName()
					+ ": " + invalid.problem());
		}
		return type.cast(result);
	}

	private List<MemoryRecord> records(String stream) {
		return this.streams.records(this.streams.placeOf(stream));
	}

	/**
	 * Return how many elements of a stream were in no delivery of the last run, for
	 * whatever reason.
	 * @param stream the name of the stream, in any relaxed form
	 * @return the number, of all mills that read the stream
	 * @throws IllegalArgumentException if no mill reads such a stream
	 */
	public long skipped(String stream) {
		String name = names().read(stream);
		return skippedByReason(name).values().stream().mapToLong(Long::longValue).sum();
	}

	/**
	 * Return how many elements of a stream were in no delivery of the last run for one
	 * reason.
	 * @param stream the name of the stream, in any relaxed form
	 * @param reason the reason
	 * @return the number, of all mills that read the stream
	 * @throws IllegalArgumentException if no mill reads such a stream
	 */
	public long skipped(String stream, SkipReason reason) {
		return skippedByReason(names().read(stream)).getOrDefault(reason, 0L);
	}

	private Map<SkipReason, Long> skippedByReason(String stream) {
		TestRun run = this.last;
		return (run != null) ? run.skipped(stream) : Map.of();
	}

	/**
	 * Return the elements of a stream that were written to its dead letters.
	 * @param stream the name of the stream that was read, in any relaxed form
	 * @return the dead letters of the last run
	 * @throws IllegalArgumentException if no mill reads such a stream
	 */
	public List<DeadLetter> deadLetters(String stream) {
		return this.streams.deadLetters(this.streams.placeOf(names().read(stream)));
	}

	/**
	 * Say of the elements of a stream that have a key, by any of the expressions on it,
	 * why they are in no delivery: at which join no key matches theirs, and which keys
	 * stand next to it there. For when a test has no results where it expects some.
	 * @param stream the name of the stream, in any relaxed form
	 * @param key the key
	 * @return the explanation, by what stands in the streams since the last run
	 * @throws IllegalArgumentException if no mill reads such a stream
	 */
	public Explanation explain(String stream, Object key) {
		return new Explanations(mills(), this.streams).of(names().read(stream), key);
	}

	/**
	 * Return the clock of the mills.
	 * @return the clock
	 */
	public MillClock clock() {
		return this.clock;
	}

	/**
	 * Run the mills over all that was given once for each step that they take, with a
	 * crash before it, and compare what they have written in the end, byte for byte, with
	 * what they write without a crash. Steps are calls of the function, results written,
	 * flushes, commits, and going on behind a commit; of more than 1,000 a seed chooses
	 * as many. After a crash the mills go on from their last commit with processors that
	 * are made anew, as in another process; all other beans stay, as what is outside of a
	 * process does.
	 * <p>
	 * So a function is found out that does not depend on its arguments alone.
	 * @param forgetful the types of other beans that lose what they know in a crash
	 * @return what was tried
	 * @throws AssertionError if something differs, with the step and the first result
	 * that does
	 * @throws IllegalStateException if nothing can be compared
	 */
	public CrashReport crashEverywhere(Class<?>... forgetful) {
		try (QuietLog quiet = new QuietLog()) {
			return this.crashes.of(this.given, forgetful).everywhere(SEED);
		}
	}

	/**
	 * Begin anew, with empty streams and the clock where it starts. Done before each
	 * test.
	 */
	public void reset() {
		mills().forEach(MillTester::stop);
		this.given.clear();
		this.clock.reset();
		this.last = null;
		this.streams.clear();
	}

	/**
	 * Stop a mill that the test before has started.
	 */
	private static void stop(Mill mill) {
		mill.stop();
		try {
			if (!mill.awaitEnd(PATIENCE)) {
				throw new IllegalStateException("The mill '" + mill.name() + "' is at work, and does not stop within "
						+ PATIENCE.toSeconds() + " s");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Return the mills; what streams they have is known once they are made.
	 */
	private Collection<Mill> mills() {
		return this.mills.known();
	}

	private StreamNames names() {
		mills();
		return new StreamNames(this.streams.read(), this.streams.written());
	}

}
