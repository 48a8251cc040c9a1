package dev.watermill.spring.kafka;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import dev.watermill.engine.MillState;
import dev.watermill.kafka.fixture.SharedKafka;
import dev.watermill.spring.FromStream;
import dev.watermill.spring.JoinOn;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.actuate.endpoint.WaterMillEndpoint;
import dev.watermill.spring.mill.Mills;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Mills that are steered through the endpoint while they have much to do.
 */
class TopicSteeringTests {

	private static final long SEED = 4;

	private static final int ACTIONS = 30;

	@TempDir
	Path directory;

	private final TestTopics topics = new TestTopics();

	private final AtomicBoolean enough = new AtomicBoolean();

	@Test
	void nothingIsLostOrRepeatedWhateverAMillIsToldToDo() {
		this.topics.create("a");
		this.topics.create("b");
		CompletableFuture<Integer> load = CompletableFuture.supplyAsync(this::send);
		MillsRunner.kafkaRunner(this.directory, SharedKafka.bootstrapServers())
			.withPropertyValues(this.topics.bound("a"), this.topics.bound("next", "a"), this.topics.bound("b"),
					"watermill.mills.mill.commit-interval=20ms")
			.withUserConfiguration(SelfJoin.class)
			.run((context) -> {
				Map<MillState, Integer> seen = steer(new WaterMillEndpoint(context.getBean(Mills.class)));
				this.enough.set(true);
				int sent = load.join();
				assertThat(MillsRunner.await(context, "mill").state()).isEqualTo(MillState.COMPLETED);
				assertThat(this.topics.read("b")).startsWith(results(sent)).hasSize(sent);
				assertThat(seen).containsKeys(MillState.PAUSED, MillState.STOPPED, MillState.RUNNING);
			});
	}

	/**
	 * Tell a mill again and again to do what it can be told to do, but to forget.
	 * @return how often it followed, by the state it went to
	 */
	private Map<MillState, Integer> steer(WaterMillEndpoint endpoint) {
		Random random = new Random(SEED);
		Map<MillState, Integer> seen = new EnumMap<>(MillState.class);
		Map<String, MillState> goals = Map.of("start", MillState.RUNNING, "stop", MillState.STOPPED, "pause",
				MillState.PAUSED, "resume", MillState.RUNNING);
		await().until(() -> endpoint.mill("mill").deliveries() > 0);
		for (int i = 0; i < ACTIONS; i++) {
			List<String> actions = new ArrayList<>(endpoint.mill("mill").actions());
			actions.remove("reset");
			String action = actions.get(random.nextInt(actions.size()));
			endpoint.steer("mill", action);
			MillState goal = goals.get(action);
			await().pollInterval(Duration.ofMillis(5)).until(() -> endpoint.mill("mill").state() == goal);
			seen.merge(goal, 1, Integer::sum);
			if (goal == MillState.RUNNING) {
				long before = endpoint.mill("mill").deliveries();
				await().pollInterval(Duration.ofMillis(5)).until(() -> endpoint.mill("mill").deliveries() > before);
			}
		}
		if (endpoint.mill("mill").actions().contains("resume")) {
			endpoint.steer("mill", "resume");
		}
		endpoint.steer("mill", "start");
		return seen;
	}

	/**
	 * Send elements until it is enough.
	 * @return how many
	 */
	private Integer send() {
		int sent = 0;
		while (!this.enough.get()) {
			int from = sent;
			this.topics.append("a",
					IntStream.range(from, from + 500)
						.mapToObj((time) -> "{\"time\":" + time + ",\"name\":\"x\"}")
						.toArray(String[]::new));
			sent += 500;
		}
		this.topics.append("a", TestTopics.EOS);
		return sent;
	}

	private static String[] results(int sent) {
		return IntStream.range(0, sent - 1)
			.mapToObj((time) -> "{\"time\":" + time + ",\"name\":\"xx\"}")
			.toArray(String[]::new);
	}

	@WaterMillProcessor("mill")
	static class SelfJoin {

		B calculate(@FromStream("a") A from,
				@JoinOn(left = "time + 1", right = "time") @FromStream("next") Map<A, A> next) {
			return new B(from.time(), from.name() + next.get(from).name());
		}

	}

	record A(long time, String name) {
	}

	record B(long time, String name) {
	}

}
