package dev.watermill.broker.kafka;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Kills a mill's process again and again, each time after it has committed something,
 * while readers check what it writes to topics.
 */
final class Killing {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final int CHUNK = 10_000;

	/** How far the master is read, as positions have it of files and of topics. */
	/** How many elements of a file are read, and how many records of a topic. */
	private static final Pattern COUNT = Pattern.compile("\"count\"\\s*:\\s*(\\d+)");

	private static final Pattern OFFSET = Pattern.compile("\"offset\"\\s*:\\s*(\\d+)");

	private final Cluster cluster;

	private final MillSetup setup;

	private final Path directory;

	private final long elements;

	private final Random random;

	private final List<Long> killedAt = new ArrayList<>();

	private final List<Long> firstCommits = new ArrayList<>();

	private int insideTransactions;

	Killing(Cluster cluster, MillSetup setup, Path directory, long elements, long seed) {
		this.cluster = cluster;
		this.setup = setup;
		this.directory = directory;
		this.elements = elements;
		this.random = new Random(seed);
	}

	/**
	 * Fill the inputs.
	 */
	Killing fill() throws IOException {
		for (String stream : this.setup.shape().inputs()) {
			if (!this.setup.shape().place(stream).equals(stream)) {
				continue;
			}
			long size = this.setup.shape().size(stream, this.elements);
			if (this.setup.isFile(stream)) {
				fillFile(stream, size);
			}
			else {
				this.cluster.topics().create(this.setup.topic(stream), 1);
				fillTopic(stream, size);
				this.cluster.end(this.setup.topic(stream));
			}
		}
		for (String output : this.setup.outputs()) {
			if (!this.setup.isFile(output)) {
				this.cluster.topics().create(this.setup.topic(output), 1);
			}
		}
		return this;
	}

	private void fillTopic(String stream, long to) {
		for (long start = 0; start < to; start += CHUNK) {
			this.cluster.sendValues(this.setup.topic(stream),
					LongStream.range(start, Math.min(start + CHUNK, to))
						.boxed()
						.flatMap((i) -> this.setup.values(0, stream, i, this.elements))
						.map((value) -> value.getBytes(StandardCharsets.UTF_8))
						.toList());
		}
	}

	private void fillFile(String stream, long size) throws IOException {
		try (BufferedWriter writer = Files.newBufferedWriter(this.setup.file(stream))) {
			for (long i = 0; i < size; i++) {
				for (String value : this.setup.values(0, stream, i, this.elements).toList()) {
					writer.write(value);
					writer.write('\n');
				}
			}
		}
	}

	/**
	 * Kill the mill so often, and then let it finish.
	 */
	void kill(int kills, ResultReader... readers) throws IOException, InterruptedException {
		long size = this.setup.shape().size(this.setup.shape().master(), this.elements);
		long deliveries = this.setup.shape().results(this.elements);
		// so slow that two commit intervals lie between two kills
		this.setup.taking(200_000_000L * (kills + 1) / deliveries);
		// whoever is killed stays a member for so long
		this.setup.client("session.timeout.ms", 1500).client("heartbeat.interval.ms", 100);
		long reached = 0;
		for (int i = 1; i <= kills; i++) {
			// at least one commit further than before, and about as far as its turn is
			long target = Math.max(reached + 1, size * i / (kills + 1) - size / (kills * 4L));
			try (MillProcess mill = MillProcess.start(this.setup, this.directory)) {
				Awaitility.await("commit behind " + target + " of " + mill)
					.pollInterval(Duration.ofMillis(5))
					.atMost(PATIENCE)
					.until(() -> !mill.isAlive() || committed() >= target);
				mill.livesFor(Duration.ofMillis(this.random.nextInt(150)));
				mill.kill();
				mill.firstCommit().ifPresent(this.firstCommits::add);
			}
			for (ResultReader reader : readers) {
				reader.assertRight();
			}
			reached = committedAfterKill();
			this.killedAt.add(reached);
		}
		this.setup.taking(0);
		try (MillProcess last = MillProcess.start(this.setup, this.directory)) {
			assertThat(last.awaitEnd(PATIENCE)).contains(MillProcess.ENDED + "COMPLETED");
			last.firstCommit().ifPresent(this.firstCommits::add);
		}
		print(kills, size);
		assertThat(this.killedAt).hasSize(kills).isSorted().doesNotHaveDuplicates();
		// spread over the stream, and not bunched at one of its ends
		assertThat(this.killedAt.get((kills - 1) / 2)).isBetween(size / 8, size * 7 / 8);
		assertThat(this.killedAt.get(kills - 1)).isGreaterThan(size / 2);
		for (ResultReader reader : readers) {
			reader.assertComplete(deliveries);
		}
	}

	private void print(int kills, long size) {
		List<Long> sorted = this.firstCommits.stream().sorted().toList();
		System.out.printf(
				"%s%s: killed %d times at %s of %d; %d kills inside a transaction; from the start of the mill to its "
						+ "first commit %d to %d ms, median %d%n",
				this.setup.shape(), this.setup.files().isEmpty() ? "" : " with files " + this.setup.files(), kills,
				this.killedAt, size, this.insideTransactions, sorted.get(0), sorted.get(sorted.size() - 1),
				sorted.get(sorted.size() / 2));
	}

	/**
	 * How many milliseconds the fastest start took from there to its first commit.
	 */
	long fastestStart() {
		return this.firstCommits.stream().mapToLong(Long::longValue).min().orElseThrow();
	}

	/**
	 * How far the master is read for good.
	 */
	private long committed() {
		String master = this.setup.shape().master();
		if (!this.setup.isTransactional()) {
			Path checkpoint = Path.of(this.setup.file(MillSetup.OUT) + ".checkpoint");
			return Files.exists(checkpoint) ? number(read(checkpoint), this.setup.isFile(master) ? COUNT : OFFSET) : 0;
		}
		// the master's own group, or else the one that tells of it in its metadata
		String home = this.setup.shape()
			.inputs()
			.stream()
			.filter((stream) -> !this.setup.isFile(stream))
			.findFirst()
			.orElse(null);
		OffsetAndMetadata committed = (home != null)
				? this.cluster.topics().committed(this.setup.group(home), this.setup.topic(home), 0)
				: this.cluster.topics().committed(this.setup.group(), written(), 0);
		if (committed == null) {
			return 0;
		}
		return this.setup.isFile(master) ? number(committed.metadata(), COUNT) : committed.offset();
	}

	/**
	 * The first topic that is written.
	 */
	private String written() {
		return this.setup.isFile(MillSetup.OUT) ? this.setup.deadLetterTopic(this.setup.shape().master())
				: this.setup.topic(MillSetup.OUT);
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static long number(String position, Pattern pattern) {
		Matcher matcher = pattern.matcher(position);
		return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
	}

	private long committedAfterKill() {
		if (this.setup.isTransactional()) {
			AtomicReference<TransactionState> state = new AtomicReference<>();
			// a commit that was under way is finished by the broker
			Awaitility.await().pollInterval(Duration.ofMillis(5)).atMost(PATIENCE).until(() -> {
				state.set(
						Cluster
							.get(this.cluster.admin()
								.describeTransactions(List.of(this.setup.transactionalId()))
								.description(this.setup.transactionalId()))
							.state());
				return state.get() != TransactionState.PREPARE_COMMIT && state.get() != TransactionState.PREPARE_ABORT;
			});
			if (state.get() == TransactionState.ONGOING) {
				this.insideTransactions++;
			}
		}
		return committed();
	}

}
