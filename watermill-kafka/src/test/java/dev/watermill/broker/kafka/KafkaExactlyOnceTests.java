package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.Broker;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.broker.StreamSink;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What exactly once takes, one part at a time. {@code etc/planted-bugs.sh} takes each
 * away and sees that a test here, or another one, goes red.
 */
class KafkaExactlyOnceTests {

	private static final Duration PATIENCE = Duration.ofSeconds(40);

	private final Cluster cluster = Cluster.shared();

	private final String prefix = "once-" + UUID.randomUUID();

	private final String in = this.prefix + "-in";

	private final String out = this.prefix + "-out";

	private Mill selfJoin(Broker broker, Runnable atFive) {
		MillBuilder builder = Mill.builder("join").commitInterval(Duration.ofSeconds(20));
		Input<Tick> from = builder.from(Cluster.topic("tick", Tick.class, this.in), broker);
		JoinFirst<Tick, Tick> next = builder.join(from, Cluster.topic("next-tick", Tick.class, this.in), broker)
			.onLong((tick) -> tick.time() + 1, Tick::time)
			.first();
		builder.process((delivery) -> {
			Tick tick = delivery.get(from);
			if (tick.time() == 5) {
				atFive.run();
			}
			return new Tick(tick.time() * 1000 + delivery.get(next).get(tick).time());
		});
		builder.to(Cluster.topic("out", Tick.class, this.out), Tick.class, broker);
		return builder.build();
	}

	private void ticks(long from, long to) {
		this.cluster.send(this.in, LongStream.range(from, to).mapToObj(Tick::new).toList());
	}

	private static List<Tick> expected(long count) {
		return LongStream.range(0, count).mapToObj((time) -> new Tick(time * 1000 + time + 1)).toList();
	}

	private List<Tick> results() {
		return this.cluster.values(this.out)
			.stream()
			.filter((value) -> !value.equals(Cluster.END))
			.map((value) -> Cluster.JSON.readValue(value, Tick.class))
			.toList();
	}

	@Test
	void commitsWhatIsDoneWhenItStops() {
		this.cluster.topics().create(this.in, 1);
		ticks(0, 100);
		this.cluster.end(this.in);
		Broker broker = this.cluster.broker(this.prefix);
		Mill[] mill = new Mill[1];
		mill[0] = selfJoin(broker, () -> mill[0].stop());
		assertThat(mill[0].run()).isEqualTo(MillState.STOPPED);
		assertThat(results()).isEqualTo(expected(6));
		assertThat(selfJoin(broker, () -> {
		}).run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.cluster.completeResults(this.out, Tick.class)).isEqualTo(expected(99));
	}

	@Test
	void goesOnWhereItFailed() {
		this.cluster.topics().create(this.in, 1);
		ticks(0, 50);
		this.cluster.end(this.in);
		Broker broker = this.cluster.broker(this.prefix);
		boolean[] failed = new boolean[1];
		Mill mill = selfJoin(broker, () -> {
			if (!failed[0]) {
				failed[0] = true;
				throw new IllegalStateException("once");
			}
		});
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.cluster.completeResults(this.out, Tick.class)).isEqualTo(expected(49));
	}

	@Test
	void readsNothingThatWasAborted() {
		this.cluster.topics().create(this.in, 1);
		ticks(0, 2);
		this.cluster.topics().sendAborted(new ProducerRecord<>(this.in, "{\"time\":2}"));
		ticks(2, 4);
		this.cluster.end(this.in);
		Mill mill = selfJoin(this.cluster.broker(this.prefix), () -> {
		});
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(mill.counters().inputs().get("tick").read().get()).isEqualTo(4);
		assertThat(this.cluster.completeResults(this.out, Tick.class)).isEqualTo(expected(3));
	}

	/**
	 * Whoever slept since it was given a lane may take its id by mistake.
	 */
	@Test
	void whoeverTakesTheIdReadsPositionsAfterThatAndGivesItBackToTheMember() {
		this.cluster.topics().create(this.in, 1);
		this.cluster.topics().create(this.out, 1);
		ticks(0, 10);
		Mill member = selfJoin(this.cluster.broker(this.prefix), () -> {
		});
		member.start();
		Awaitility.await().atMost(PATIENCE).until(() -> results().size() == 9);
		KafkaClients clients = KafkaClients.of(Map.of("bootstrap.servers", this.cluster.bootstrapServers()));
		KafkaBroker late = KafkaBroker.builder(new LateClients(clients, () -> {
			// the member commits more, up to the last moment at which it can
			ticks(10, 20);
			Awaitility.await().atMost(PATIENCE).until(() -> results().size() == 19);
		}), Cluster.JSON).groupIdPrefix(this.prefix).build();
		StreamSink<Tick> sink = late.sink(Cluster.topic("out", Tick.class, this.out));
		CommitScope scope = new CommitScope(new LaneId("join", 0), CommitScope.newSession(),
				Map.of("tick", late.source(Cluster.topic("tick", Tick.class, this.in))), Map.of("out", sink), null,
				null);
		try (CommitLog log = sink.commitPlace().orElseThrow().open(scope)) {
			assertThat(log.read().inputs().get("tick").position().number(KafkaPosition.OFFSET)).isEqualTo(19);
			ticks(20, 30);
			this.cluster.end(this.in);
			Awaitility.await().atMost(PATIENCE).until(() -> member.state() == MillState.COMPLETED);
			assertThatExceptionOfType(MillTakenOverException.class).isThrownBy(log::requireHeld);
		}
		assertThat(this.cluster.completeResults(this.out, Tick.class)).isEqualTo(expected(29));
	}

	/**
	 * {@code -Dkafka.transactions=100000} commits so often, which takes an epoch each:
	 * they have 16 bits, and the id then gets another producer.
	 */
	@Test
	@Timeout(7200)
	void commitsOnWhereTheEpochsOfItsIdAreUsedUp() throws Exception {
		int transactions = Integer.getInteger("kafka.transactions", 300);
		this.cluster.topics().create(this.in, 1);
		ticks(0, transactions);
		this.cluster.end(this.in);
		Broker broker = this.cluster.broker(this.prefix);
		MillBuilder builder = Mill.builder("often").commitInterval(Duration.ofNanos(1));
		Input<Tick> input = builder.from(Cluster.topic("tick", Tick.class, this.in), broker);
		long[] commits = new long[1];
		long[] first = new long[1];
		builder.listener(new MillListener() {

			@Override
			public void committed(long nanos) {
				if (commits[0]++ == 0) {
					first[0] = producer().producerId();
				}
			}

		});
		builder.to(Cluster.topic("out", Tick.class, this.out), Tick.class, broker);
		long start = System.nanoTime();
		assertThat(builder.process((delivery) -> delivery.get(input)).build().run()).isEqualTo(MillState.COMPLETED);
		TransactionDescription last = producer();
		System.out.printf("%d transactions in %d s: producer %d, then %d in epoch %d%n", commits[0],
				(System.nanoTime() - start) / 1_000_000_000, first[0], last.producerId(), last.producerEpoch());
		assertThat(commits[0]).isGreaterThanOrEqualTo(transactions);
		assertThat(this.cluster.completeResults(this.out, Tick.class))
			.isEqualTo(LongStream.range(0, transactions).mapToObj(Tick::new).toList());
		if (transactions > Short.MAX_VALUE) {
			assertThat(last.producerId()).isNotEqualTo(first[0]);
		}
	}

	/**
	 * Readers would be held up by what is left open until it times out.
	 */
	@Test
	void leavesNothingOpenWhereADeliveryFailsInTheMidst() {
		this.cluster.topics().create(this.in, 1);
		ticks(0, 1);
		this.cluster.end(this.in);
		Broker broker = this.cluster.broker(this.prefix);
		MillBuilder builder = Mill.builder("midst").retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO));
		builder.from(Cluster.topic("tick", Tick.class, this.in), broker);
		builder.to(Cluster.topic("out", Tick.class, this.out), Tick.class, broker);
		Mill mill = builder.processStream((delivery) -> LongStream.range(0, 10_000).mapToObj((time) -> {
			if (time == 5000) {
				throw new IllegalStateException("in the midst");
			}
			return new Tick(time);
		})).build();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(transaction("midst").state()).isIn(TransactionState.COMPLETE_ABORT, TransactionState.PREPARE_ABORT);
		assertThat(this.cluster.values(this.out)).isEmpty();
	}

	private TransactionDescription producer() {
		return transaction("often");
	}

	private TransactionDescription transaction(String mill) {
		String id = this.prefix + "-" + mill + "-0";
		return Cluster.get(this.cluster.admin().describeTransactions(List.of(id)).description(id));
	}

	/**
	 * An element.
	 *
	 * @param time the key
	 */
	record Tick(long time) {

	}

	/**
	 * Does something right before a producer is made.
	 */
	private record LateClients(KafkaClients clients, Runnable before) implements KafkaClients {

		@Override
		public Consumer<byte[], byte[]> consumer(ClientSettings settings) {
			return this.clients.consumer(settings);
		}

		@Override
		public Producer<byte[], byte[]> producer(ClientSettings settings) {
			this.before.run();
			return this.clients.producer(settings);
		}

		@Override
		public Admin admin() {
			return this.clients.admin();
		}

	}

}
