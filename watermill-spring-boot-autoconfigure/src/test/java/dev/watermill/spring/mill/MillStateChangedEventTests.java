package dev.watermill.spring.mill;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.watermill.engine.MillState;
import dev.watermill.spring.FromStream;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link MillStateChangedEvent}.
 */
@ExtendWith(OutputCaptureExtension.class)
class MillStateChangedEventTests {

	@TempDir
	Path directory;

	private ApplicationContextRunner runner() {
		Path in = MillsRunner.write(this.directory.resolve("a.jsonl"), "{\"time\":1}\n{\"time\":2}\n");
		return MillsRunner.runner(this.directory)
			.withPropertyValues("watermill.streams.a.file=" + in,
					"watermill.streams.b.file=" + this.directory.resolve("b.jsonl"))
			.withUserConfiguration(Copy.class);
	}

	@Test
	void tellsOfEachStateInItsOrder() {
		Listener listener = new Listener();
		runner().withBean(Listener.class, () -> listener).run((context) -> {
			MillsRunner.await(context, "copy");
			await().untilAsserted(() -> assertThat(listener.heard).containsExactly("copy STARTING", "copy RUNNING",
					"copy COMPLETED"));
		});
	}

	@Test
	void aListenerMaySteerItsMill() {
		runner().withBean(Once.class)
			.run((context) -> await()
				.untilAsserted(() -> assertThat(context.getBean(Once.class).states).containsExactly(MillState.STARTING,
						MillState.RUNNING, MillState.COMPLETED, MillState.STARTING, MillState.RUNNING,
						MillState.COMPLETED)));
	}

	@Test
	void aListenerThatFailsHurtsNoMill(CapturedOutput output) {
		runner().withBean(Failing.class)
			.run((context) -> assertThat(MillsRunner.await(context, "copy").state()).isEqualTo(MillState.COMPLETED));
		assertThat(output)
			.contains("A listener of MillStateChangedEvent failed. Mill 'copy' is COMPLETED nevertheless.");
		assertThat(this.directory.resolve("b.jsonl")).hasContent("{\"time\":1}\n{\"time\":2}");
	}

	static class Listener {

		final List<String> heard = new CopyOnWriteArrayList<>();

		@EventListener
		void changed(MillStateChangedEvent event) {
			this.heard.add(event.getMill().name() + " " + event.getState());
		}

	}

	static class Once {

		final List<MillState> states = new CopyOnWriteArrayList<>();

		@EventListener
		void changed(MillStateChangedEvent event) {
			this.states.add(event.getState());
			if (event.getState() == MillState.COMPLETED && this.states.size() < 4) {
				event.getMill().start();
			}
		}

	}

	static class Failing {

		@EventListener
		void changed(MillStateChangedEvent event) {
			throw new IllegalStateException("on purpose");
		}

	}

	@WaterMillProcessor("copy")
	static class Copy {

		@ToStream("b")
		Reading copy(@FromStream("a") Reading reading) {
			return reading;
		}

	}

	record Reading(long time) {

	}

}
