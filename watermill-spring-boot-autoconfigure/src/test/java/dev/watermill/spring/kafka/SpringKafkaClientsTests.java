package dev.watermill.spring.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import dev.watermill.broker.kafka.ClientSettings;
import dev.watermill.kafka.fixture.SharedKafka;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Clients as the application's factories make theirs, but for what mills depend on.
 */
class SpringKafkaClientsTests {

	private final TestTopics topics = new TestTopics();

	private final List<String> events = new ArrayList<>();

	private final Map<String, Object> common = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
			SharedKafka.bootstrapServers());

	private DefaultKafkaConsumerFactory<String, String> consumers;

	private DefaultKafkaProducerFactory<String, String> producers;

	@BeforeEach
	void createFactories() {
		Map<String, Object> properties = new HashMap<>(this.common);
		properties.put(ConsumerConfig.GROUP_ID_CONFIG, "users");
		properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
		properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
		properties.put(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, List.of(Interceptor.class.getName()));
		this.consumers = new DefaultKafkaConsumerFactory<>(properties);
		properties = new HashMap<>(this.common);
		properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
		properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
		this.producers = new DefaultKafkaProducerFactory<>(properties);
		this.producers.setTransactionIdPrefix("users");
	}

	private SpringKafkaClients clients() {
		return new SpringKafkaClients(this.consumers, this.producers, new KafkaAdmin(this.common), null, null);
	}

	private static ClientSettings consumerSettings(String group) {
		return new ClientSettings(Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 7), Map.of(),
				Map.of(ConsumerConfig.GROUP_ID_CONFIG, group, ConsumerConfig.CLIENT_ID_CONFIG, group));
	}

	private static ClientSettings producerSettings(String id) {
		return new ClientSettings(Map.of(), Map.of(),
				Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id, ProducerConfig.CLIENT_ID_CONFIG, id));
	}

	@Test
	void readsAndWritesBytesInTransactionsOfTheMills() {
		this.topics.create("bytes");
		TopicPartition partition = new TopicPartition(this.topics.name("bytes"), 0);
		String id = this.topics.name("id");
		try (Producer<byte[], byte[]> producer = clients().producer(producerSettings(id))) {
			// Nobody has called it yet
			producer.initTransactions();
			producer.beginTransaction();
			producer.send(new ProducerRecord<>(partition.topic(), new byte[] { -1, 0, 1 }));
			producer.commitTransaction();
			assertThat(this.topics.all().admin().describeTransactions(List.of(id)).description(id))
				.succeedsWithin(Duration.ofSeconds(20));
		}
		try (Consumer<byte[], byte[]> consumer = clients().consumer(consumerSettings(this.topics.name("group")))) {
			consumer.assign(List.of(partition));
			consumer.seekToBeginning(List.of(partition));
			ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofSeconds(20));
			assertThat(records).singleElement()
				.satisfies((message) -> assertThat(message.value()).containsExactly(-1, 0, 1));
			assertThat(consumer.groupMetadata().groupId()).isEqualTo(this.topics.name("group"));
		}
	}

	@Test
	void goesFromTheMillsDefaultsOverTheUsersToTheStreamsSettings() {
		Map<String, Object> seen = intercepted(consumerSettings("g"));
		assertThat(seen).containsEntry(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 7)
			.containsEntry(ConsumerConfig.GROUP_ID_CONFIG, "g");
		this.consumers.updateConfigs(Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 8));
		assertThat(intercepted(consumerSettings("g"))).containsEntry(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 8);
		assertThat(intercepted(new ClientSettings(Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 7),
				Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "9"), Map.of())))
			.containsEntry(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "9");
	}

	private Map<String, Object> intercepted(ClientSettings settings) {
		clients().consumer(settings).close();
		return Interceptor.configured;
	}

	@Test
	void connectsWhereTheFactoriesSupplierSays() {
		this.consumers.updateConfigs(Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:1"));
		this.consumers.setBootstrapServersSupplier(SharedKafka::bootstrapServers);
		try (Consumer<byte[], byte[]> consumer = clients().consumer(consumerSettings("g"))) {
			assertThat(consumer.listTopics(Duration.ofSeconds(20))).isNotNull();
		}
	}

	@Test
	void notifiesTheListenersOfConsumers() {
		this.consumers.addListener(new ConsumerFactory.Listener<>() {

			@Override
			public void consumerAdded(String id, Consumer<String, String> consumer) {
				SpringKafkaClientsTests.this.events.add("added " + id);
				assertThat(consumer.metrics()).isNotEmpty();
			}

			@Override
			public void consumerRemoved(@Nullable String id, Consumer<String, String> consumer) {
				SpringKafkaClientsTests.this.events.add("removed " + id);
			}

		});
		clients().consumer(consumerSettings("one")).close();
		clients().consumer(consumerSettings("two")).close(CloseOptions.timeout(Duration.ZERO));
		assertThat(this.events).containsExactly("added watermill.one", "removed watermill.one", "added watermill.two",
				"removed watermill.two");
	}

	@Test
	void notifiesTheListenersOfProducers() {
		this.producers.addListener(new ProducerFactory.Listener<>() {

			@Override
			public void producerAdded(String id, Producer<String, String> producer) {
				SpringKafkaClientsTests.this.events.add("added " + id);
				assertThat(producer.metrics()).isNotEmpty();
			}

			@Override
			public void producerRemoved(String id, Producer<String, String> producer) {
				SpringKafkaClientsTests.this.events.add("removed " + id);
			}

		});
		clients().producer(producerSettings("one")).close();
		clients().producer(producerSettings("two")).close(Duration.ZERO);
		assertThat(this.events).containsExactly("added watermill.one", "removed watermill.one", "added watermill.two",
				"removed watermill.two");
	}

	@Test
	void letsPostProcessorsHaveTheClients() {
		this.consumers.addPostProcessor((consumer) -> {
			this.events.add(consumer.getClass().getSimpleName());
			return consumer;
		});
		this.producers.addPostProcessor((producer) -> {
			this.events.add(producer.getClass().getSimpleName());
			return producer;
		});
		clients().consumer(consumerSettings("g")).close();
		clients().producer(producerSettings("p")).close();
		assertThat(this.events).containsExactly("ListenedConsumer", "ListenedProducer");
	}

	@Test
	void closesAClientThatAPostProcessorRefuses() {
		this.producers.addListener(new ProducerFactory.Listener<>() {

			@Override
			public void producerRemoved(String id, Producer<String, String> producer) {
				SpringKafkaClientsTests.this.events.add("removed " + id);
			}

		});
		this.producers.addPostProcessor((producer) -> {
			throw new IllegalStateException("not this one");
		});
		assertThatIllegalStateException().isThrownBy(() -> clients().producer(producerSettings("p")))
			.withMessage("not this one");
		assertThat(this.events).containsExactly("removed watermill.p");
	}

	@Test
	void takesAnyFactoryThatTellsItsSettings() {
		ConsumerFactory<String, String> own = new ConsumerFactory<>() {

			@Override
			public Map<String, Object> getConfigurationProperties() {
				return SpringKafkaClientsTests.this.common;
			}

			@Override
			public Consumer<String, String> createConsumer(@Nullable String groupId, @Nullable String clientIdPrefix,
					@Nullable String clientIdSuffix, @Nullable Properties properties) {
				throw new UnsupportedOperationException();
			}

			@Override
			public boolean isAutoCommit() {
				return true;
			}

		};
		SpringKafkaClients clients = new SpringKafkaClients(own, this.producers, null, null,
				getClass().getClassLoader());
		try (Consumer<byte[], byte[]> consumer = clients.consumer(consumerSettings("g"))) {
			assertThat(consumer.listTopics(Duration.ofSeconds(20))).isNotNull();
		}
		try (Admin admin = clients.admin()) {
			assertThat(admin.describeCluster().nodes()).succeedsWithin(Duration.ofSeconds(20));
		}
	}

	@Test
	void givesAdministrativeClientsTheSettingsOfTheApplications() {
		Map<String, Object> properties = new HashMap<>(this.common);
		properties.put(AdminClientConfig.CLIENT_ID_CONFIG, "robots");
		SpringKafkaClients clients = new SpringKafkaClients(this.consumers, this.producers, new KafkaAdmin(properties),
				null, null);
		try (Admin one = clients.admin(); Admin two = clients.admin()) {
			assertThat(one.describeCluster().nodes()).succeedsWithin(Duration.ofSeconds(20));
			assertThat(name(one)).isEqualTo("robots-watermill-1");
			assertThat(name(two)).isEqualTo("robots-watermill-2");
		}
	}

	private static String name(Admin admin) {
		return ClientNames.listened(admin.metrics().keySet()).substring("watermill.".length());
	}

	/**
	 * Sees the settings of the last consumer.
	 */
	public static final class Interceptor implements ConsumerInterceptor<byte[], byte[]> {

		private static Map<String, Object> configured = Map.of();

		@Override
		public void configure(Map<String, ?> configs) {
			configured = Map.copyOf(configs);
		}

		@Override
		public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
			return records;
		}

		@Override
		public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
		}

		@Override
		public void close() {
		}

	}

}
