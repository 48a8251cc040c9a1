package dev.watermill.spring.kafka;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import dev.watermill.engine.MillState;
import dev.watermill.kafka.fixture.SharedKafka;
import dev.watermill.spring.FromStream;
import dev.watermill.spring.JoinOn;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.actuate.endpoint.WaterMillEndpoint;
import dev.watermill.spring.mill.Mills;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What users say of partitions and of the membership reaches the broker.
 */
class PartitionSettingsTests {

	@TempDir
	Path directory;

	private final TestTopics topics = new TestTopics();

	private final String application = "test-" + UUID.randomUUID();

	private ApplicationContextRunner runner(String... properties) {
		return MillsRunner.kafkaRunner(this.directory, SharedKafka.bootstrapServers())
			.withUserConfiguration(Join.class)
			.withPropertyValues("spring.application.name=" + this.application, this.topics.bound("a"),
					this.topics.bound("reference"), this.topics.bound("b"))
			.withPropertyValues(properties);
	}

	@SuppressWarnings("unchecked")
	private void send(String stream, int partition, int... times) {
		this.topics.send(IntStream.of(times)
			.mapToObj((time) -> new ProducerRecord<>(this.topics.name(stream), partition, (String) null,
					"{\"time\":" + time + "}"))
			.toArray(ProducerRecord[]::new));
	}

	@SuppressWarnings("unchecked")
	private void end(String stream, int partitions) {
		this.topics.send(IntStream.range(0, partitions)
			.mapToObj((partition) -> new ProducerRecord<>(this.topics.name(stream), partition, (String) null,
					TestTopics.EOS))
			.toArray(ProducerRecord[]::new));
	}

	private List<String> results(int partition) {
		return this.topics.all()
			.read(this.topics.name("b"))
			.stream()
			.filter((result) -> result.partition() == partition && !TestTopics.EOS.equals(result.value()))
			.map(ConsumerRecord::value)
			.toList();
	}

	private static void completes(ApplicationContext context) {
		assertThat(MillsRunner.await(context, "mill").state()).as(MillsRunner.mill(context, "mill").status().toString())
			.isEqualTo(MillState.COMPLETED);
	}

	@Test
	void aTopicThatIsBroadcastIsReadByEachLane() {
		this.topics.create("a", 2);
		send("a", 0, 1, 3);
		send("a", 1, 2, 3);
		end("a", 2);
		this.topics.create("reference");
		send("reference", 0, 1, 2, 3);
		end("reference", 1);
		runner("watermill.streams.reference.broadcast=true").run(PartitionSettingsTests::completes);
		assertThat(results(0)).containsExactly("{\"time\":1}", "{\"time\":3}");
		assertThat(results(1)).containsExactly("{\"time\":2}", "{\"time\":3}");
	}

	@Test
	void aTopicThatIsMergedIsOneStreamOfWhichTheSilentPartitionIsNamed() {
		this.topics.create("a", 2);
		send("a", 0, 1);
		send("a", 1, 2);
		end("a", 2);
		this.topics.create("reference", 3);
		send("reference", 0, 1);
		send("reference", 2, 2);
		runner("watermill.streams.reference.merge=true").run((context) -> {
			WaterMillEndpoint endpoint = new WaterMillEndpoint(context.getBean(Mills.class));
			await().untilAsserted(() -> assertThat(endpoint.mill("mill").lanes()).hasSize(2)
				.allSatisfy((lane) -> assertThat(lane.liveness()).isNotNull())
				.allSatisfy((lane) -> assertThat(lane.liveness().waitsFor()).contains("partition 1",
						this.topics.name("reference"))));
			send("reference", 1, 3);
			end("reference", 3);
			completes(context);
		});
		assertThat(results(0)).containsExactly("{\"time\":1}");
		assertThat(results(1)).containsExactly("{\"time\":2}");
	}

	@Test
	void anOutputThatIsSpreadByKeyHasNoMarks() {
		this.topics.create("a", 1);
		send("a", 0, IntStream.range(0, 20).toArray());
		end("a", 1);
		this.topics.create("reference");
		send("reference", 0, IntStream.range(0, 20).toArray());
		end("reference", 1);
		this.topics.create("b", 3);
		runner("watermill.streams.b.partition-by=key", "watermill.streams.b.key=time")
			.run(PartitionSettingsTests::completes);
		List<String> all = new ArrayList<>();
		for (int partition = 0; partition < 3; partition++) {
			assertThat(results(partition)).as("partition " + partition).isNotEmpty();
			all.addAll(results(partition));
		}
		assertThat(all).hasSize(20);
		assertThat(this.topics.read("b")).doesNotContain(TestTopics.EOS);
	}

	@Test
	void theMemberHasTheProtocolAndTheIdOfItsUser() {
		this.topics.create("a", 2);
		this.topics.create("reference", 2);
		runner("spring.kafka.consumer.properties.group.instance.id=robots-1").run((context) -> {
			await().until(() -> MillsRunner.mill(context, "mill").status().lanes().size() == 2);
			assertThat(group().members()).singleElement()
				.extracting(MemberDescription::groupInstanceId)
				.satisfies((id) -> assertThat(id).contains("robots-1"));
			assertThat(group().type()).isEqualTo(GroupType.CLASSIC);
		});
	}

	@Test
	void theMemberIsOfTheNewerProtocolWhereItsUserSaysSo() {
		this.topics.create("a", 2);
		this.topics.create("reference", 2);
		runner("spring.kafka.consumer.properties.group.protocol=consumer").run((context) -> {
			await().until(() -> MillsRunner.mill(context, "mill").status().lanes().size() == 2);
			assertThat(group().type()).isEqualTo(GroupType.CONSUMER);
		});
	}

	private ConsumerGroupDescription group() throws Exception {
		String group = this.application + "-mill-a";
		return this.topics.all().admin().describeConsumerGroups(List.of(group)).describedGroups().get(group).get();
	}

	@WaterMillProcessor("mill")
	static class Join {

		B join(@FromStream("a") A from, @JoinOn("time") @FromStream("reference") Map<A, A> reference) {
			return new B(reference.get(from).time());
		}

	}

	record A(long time) {
	}

	record B(long time) {
	}

}
