package dev.watermill.broker.kafka;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.Broker;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.broker.kafka.MillShape.Copy;
import dev.watermill.broker.kafka.MillShape.Element;
import dev.watermill.broker.kafka.MillShape.Result;
import dev.watermill.delivery.Delivery;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.stream.ErrorPolicy;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * A mill of some shape and where its streams live: in topics, but for those that are said
 * to be files. It can be told to another process.
 */
final class MillSetup {

	static final String OUT = "out";

	static final String COPY = "copy";

	/** Where dead letters go, unless it is no file and a topic has a place by itself. */
	static final String DEAD = "dead";

	/** By which way the consumer comes that is the member of a group. */
	private static final String MEMBER_LINK = "member.bootstrap.servers";

	/** Whose inputs are read. */
	private static final String INPUTS_OF = "inputs.of";

	/** How many results come to one for which the function fails. */
	private static final String FAILING = "failing.results";

	/** Whether the function answers later. */
	private static final String LATER = "answers.later";

	/** How many elements come to a bad one. */
	private static final String BAD = "bad.elements";

	private final MillShape shape;

	private final String bootstrapServers;

	private final String name;

	private final Map<String, String> clients = new TreeMap<>();

	private final Set<String> files = new TreeSet<>();

	private Path directory = Path.of(".");

	private boolean copies;

	private long nanos;

	private KafkaBroker kafka;

	/**
	 * Create a setup.
	 * @param name what the names of topics and groups begin with
	 */
	MillSetup(MillShape shape, String bootstrapServers, String name) {
		this.shape = shape;
		this.bootstrapServers = bootstrapServers;
		this.name = name;
	}

	static MillSetup of(List<String> arguments) {
		MillSetup setup = new MillSetup(MillShape.valueOf(arguments.get(0)), arguments.get(1), arguments.get(2));
		setup.directory = Path.of(arguments.get(3));
		setup.copies = Boolean.parseBoolean(arguments.get(4));
		setup.nanos = Long.parseLong(arguments.get(5));
		for (String argument : arguments.subList(6, arguments.size())) {
			int equals = argument.indexOf('=');
			if (equals > 0) {
				setup.clients.put(argument.substring(0, equals), argument.substring(equals + 1));
			}
			else {
				setup.files.add(argument);
			}
		}
		return setup;
	}

	String[] toArguments() {
		List<String> arguments = new ArrayList<>(List.of(this.shape.name(), this.bootstrapServers, this.name,
				this.directory.toString(), String.valueOf(this.copies), String.valueOf(this.nanos)));
		arguments.addAll(this.files);
		this.clients.forEach((key, value) -> arguments.add(key + "=" + value));
		return arguments.toArray(new String[0]);
	}

	MillSetup files(Path where, String... streams) {
		this.directory = where;
		this.files.addAll(List.of(streams));
		return this;
	}

	/**
	 * Let the mill write every result to a second stream, too.
	 */
	MillSetup copies() {
		this.copies = true;
		return this;
	}

	/**
	 * Set how long the function takes.
	 */
	MillSetup taking(long functionNanos) {
		this.nanos = functionNanos;
		return this;
	}

	MillSetup client(String setting, Object value) {
		this.clients.put(setting, String.valueOf(value));
		return this;
	}

	/**
	 * Let the consumer that is the member of a group reach the broker by a way of its
	 * own.
	 */
	MillSetup memberVia(String servers) {
		return client(MEMBER_LINK, servers);
	}

	/**
	 * Let the mill read what another one reads.
	 */
	MillSetup inputsOf(MillSetup other) {
		return client(INPUTS_OF, other.name);
	}

	/**
	 * Put a bad element behind each so many good ones of all inputs, which becomes a dead
	 * letter.
	 */
	MillSetup badBehind(int good) {
		return client(BAD, good);
	}

	private int bad() {
		return Integer.parseInt(this.clients.getOrDefault(BAD, "0"));
	}

	/**
	 * Whether a bad element stands behind an element: not behind the last ones, which may
	 * not be passed.
	 */
	boolean isBadBehind(String stream, long i, long elements) {
		int good = bad();
		return good > 0 && i % good == good - 1 && i < this.shape.size(stream, elements) - good;
	}

	/**
	 * The bad element behind an element, as JSON: of another type, or out of order where
	 * there is one.
	 */
	String badBehind(String stream, long i) {
		return (this.shape == MillShape.WINDOW || i / bad() % 2 == 0) ? "\"" + stream + " " + i + "\""
				: Cluster.JSON.writeValueAsString(new Element(-1_000, i));
	}

	/**
	 * An element as JSON, and the bad one behind it if there is one.
	 * @param elements how many elements there are altogether
	 */
	Stream<String> values(int lane, String stream, long i, long elements) {
		String element = Cluster.JSON.writeValueAsString(this.shape.element(lane, stream, i));
		return isBadBehind(stream, i, elements) ? Stream.of(element, badBehind(stream, i)) : Stream.of(element);
	}

	/**
	 * Let the function fail for each so many results, however often it is called, so that
	 * these deliveries become dead letters; and now and then for any other.
	 */
	MillSetup failingEach(int results) {
		return client(FAILING, results);
	}

	/**
	 * Let the function answer later, each time after another while, and fail now and
	 * then.
	 */
	MillSetup later() {
		return client(LATER, true);
	}

	private CompletableFuture<Result> answer(Function<Delivery, Result> function, Delivery delivery) {
		spend(this.nanos);
		ThreadLocalRandom random = ThreadLocalRandom.current();
		boolean fails = random.nextInt(1_000) == 0;
		return CompletableFuture.supplyAsync(() -> {
			if (fails) {
				throw new IllegalStateException("no answer this time");
			}
			return function.apply(delivery);
		}, CompletableFuture.delayedExecutor(random.nextInt(2_000), TimeUnit.MICROSECONDS));
	}

	private int failing() {
		return Integer.parseInt(this.clients.getOrDefault(FAILING, "0"));
	}

	private boolean isFailing(long result) {
		return failing() > 0 && result % failing() == failing() - 1;
	}

	/**
	 * How many of so many results come.
	 */
	long coming(long results) {
		return (failing() > 0) ? results - results / failing() : results;
	}

	/**
	 * Which of all results it is that comes at a place.
	 */
	long numberOf(long coming) {
		return (failing() > 0) ? coming + coming / (failing() - 1) : coming;
	}

	/**
	 * The results, of so many, that never come.
	 */
	LongStream failed(long results) {
		return LongStream.range(0, results).filter(this::isFailing);
	}

	private void failAtTimes(Result result) {
		if (failing() > 0 && result != null
				&& (isFailing(this.shape.number(result)) || ThreadLocalRandom.current().nextInt(1_000) == 0)) {
			throw new IllegalStateException("no result of " + result);
		}
	}

	/**
	 * The topic that dead letters of a stream go to.
	 */
	String deadLetterTopic(String stream) {
		return isFile(stream) ? this.name + "-" + DEAD : topic(stream) + "-dlt";
	}

	MillShape shape() {
		return this.shape;
	}

	String topic(String stream) {
		String owner = outputs().contains(stream) ? this.name : this.clients.getOrDefault(INPUTS_OF, this.name);
		return owner + "-" + this.shape.place(stream);
	}

	Path file(String stream) {
		return this.directory.resolve(this.shape.place(stream) + ".jsonl");
	}

	boolean isFile(String stream) {
		return this.files.contains(stream);
	}

	Set<String> files() {
		return this.files;
	}

	/**
	 * Whether anything is written to a topic.
	 */
	boolean isTransactional() {
		return !isFile(OUT) || (this.copies && !isFile(COPY)) || (bad() > 0 && !isFile(DEAD));
	}

	List<String> outputs() {
		return this.copies ? List.of(OUT, COPY) : List.of(OUT);
	}

	/**
	 * The consumer group of a node.
	 */
	String group(String stream) {
		return group() + "-" + stream;
	}

	/**
	 * The consumer group of a mill that reads no topic.
	 */
	String group() {
		return this.name + "-mill";
	}

	String transactionalId() {
		return this.name + "-mill-0";
	}

	Broker broker(String stream) {
		if (isFile(stream)) {
			return JsonFileBroker.builder(Cluster.JSON).build();
		}
		if (this.kafka == null) {
			Map<String, Object> properties = new HashMap<>(this.clients);
			properties.put("bootstrap.servers", this.bootstrapServers);
			properties.remove(INPUTS_OF);
			properties.remove(BAD);
			properties.remove(FAILING);
			properties.remove(LATER);
			Object link = properties.remove(MEMBER_LINK);
			KafkaClients clients = KafkaClients.of(properties);
			this.kafka = KafkaBroker
				.builder((link != null) ? new MemberLink(clients, properties, link) : clients, Cluster.JSON)
				.groupIdPrefix(this.name)
				.build();
		}
		return this.kafka;
	}

	StreamDefinition<Element> input(String stream) {
		return definition(stream, Element.class);
	}

	private <T> StreamDefinition<T> definition(String stream, Class<T> type) {
		return new StreamDefinition<>(stream, type,
				isFile(stream) ? Map.of(JsonFileBroker.FILE_PROPERTY, file(stream).toString())
						: Map.of(KafkaBroker.TOPIC_PROPERTY, topic(stream)));
	}

	private StreamDefinition<DeadLetter> deadLetters(String stream) {
		return new StreamDefinition<>(DEAD, DeadLetter.class,
				isFile(DEAD) ? Map.of(JsonFileBroker.FILE_PROPERTY, file(DEAD).toString())
						: Map.of(KafkaBroker.TOPIC_PROPERTY, deadLetterTopic(stream)));
	}

	/**
	 * Make the mill.
	 */
	MillBuilder builder() {
		MillBuilder builder = Mill.builder("mill")
			.stateDirectory(this.directory)
			.retry(new RetryPolicy(2, Duration.ofMillis(50), Duration.ofMillis(500)));
		Function<Delivery, Result> function = this.shape.function(builder, this);
		builder.to(definition(OUT, Result.class), Result.class, broker(OUT));
		if (bad() > 0) {
			this.shape.inputs().forEach((stream) -> {
				builder.input(stream).onInvalid(ErrorPolicy.DEAD_LETTER);
				builder.input(stream).onDisorder(ErrorPolicy.DEAD_LETTER);
				if (isFile(DEAD) || isFile(stream)) {
					builder.deadLetters(stream, deadLetters(stream), broker(DEAD));
				}
			});
		}
		if (failing() > 0) {
			builder.onError(ErrorPolicy.DEAD_LETTER);
		}
		if (this.clients.containsKey(LATER)) {
			return builder.processLater((delivery) -> answer(function, delivery));
		}
		if (!this.copies) {
			return builder.process((delivery) -> {
				spend(this.nanos);
				Result result = function.apply(delivery);
				failAtTimes(result);
				return result;
			});
		}
		builder.to(definition(COPY, Copy.class), Copy.class, broker(COPY));
		return builder.processAll((delivery) -> {
			spend(this.nanos);
			Result result = function.apply(delivery);
			return (result != null) ? List.of(result, Copy.of(result)) : List.of();
		});
	}

	private static void spend(long nanos) {
		long end = System.nanoTime() + nanos;
		while (nanos > 0 && System.nanoTime() < end) {
			Thread.onSpinWait();
		}
	}

	/**
	 * Makes the consumer that is a member of a group with another address than the rest.
	 */
	private static final class MemberLink implements KafkaClients {

		private final KafkaClients others;

		private final KafkaClients member;

		MemberLink(KafkaClients others, Map<String, Object> properties, Object link) {
			Map<String, Object> copy = new HashMap<>(properties);
			copy.put("bootstrap.servers", link);
			this.others = others;
			this.member = KafkaClients.of(copy);
		}

		@Override
		public Consumer<byte[], byte[]> consumer(ClientSettings settings) {
			String client = String.valueOf(settings.enforced().get("client.id"));
			return (client.endsWith("-member") ? this.member : this.others).consumer(settings);
		}

		@Override
		public Producer<byte[], byte[]> producer(ClientSettings settings) {
			return this.others.producer(settings);
		}

		@Override
		public Admin admin() {
			return this.others.admin();
		}

	}

}
