package dev.watermill.spring.mill;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.watermill.Mill;
import dev.watermill.engine.DeliveryErrorHandler;
import dev.watermill.engine.DeliveryErrorHandler.Decision;
import dev.watermill.engine.MillState;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Beans that decide what becomes of deliveries that fail.
 */
class DeliveryErrorHandlerTests {

	@TempDir
	Path directory;

	private ApplicationContextRunner runner() {
		MillsRunner.write(this.directory.resolve("a.jsonl"),
				"{\"time\":1}\n{\"time\":2}\n{\"time\":3}\n{\"time\":4}\n");
		return MillsRunner.runner(this.directory)
			.withUserConfiguration(Picky.class)
			.withPropertyValues("watermill.streams.a.file=" + this.directory.resolve("a.jsonl"),
					"watermill.streams.b.file=" + this.directory.resolve("b.jsonl"));
	}

	@Test
	void isAskedInItsOrderAndBeforeTheSettings() {
		runner().withUserConfiguration(Handlers.class)
			.withPropertyValues("watermill.mills.picky.retry.max-retries=0")
			.run((context) -> {
				assertThat(MillsRunner.await(context, "picky").state()).isEqualTo(MillState.COMPLETED);
				assertThat(context.getBean(Handlers.class).asked).containsExactly("first picky A[time=2] 1",
						"second picky A[time=2] 1", "first picky A[time=3] 1", "first picky A[time=3] 2",
						"first picky A[time=3] 3");
				assertThat(MillsRunner.read(this.directory.resolve("b.jsonl")))
					.isEqualTo("{\"time\":1}\n{\"time\":3}\n{\"time\":4}\n");
			});
	}

	@Test
	void writesADeliveryToTheDeadLettersOfTheMill() {
		Path dead = this.directory.resolve("dead.jsonl");
		runner().withBean(DeliveryErrorHandler.class, () -> (failed) -> Decision.deadLetter())
			.withPropertyValues("watermill.mills.picky.dead-letter.file=" + dead)
			.run((context) -> {
				assertThat(MillsRunner.await(context, "picky").state()).isEqualTo(MillState.COMPLETED);
				assertThat(MillsRunner.read(this.directory.resolve("b.jsonl")))
					.isEqualTo("{\"time\":1}\n{\"time\":4}\n");
				assertThat(MillsRunner.read(dead).lines()).hasSize(2)
					.allSatisfy((line) -> assertThat(line).contains("\"mill\":\"picky\"", "\"reason\":\"failed\""))
					.first()
					.asString()
					.contains("\"line\":2", "java.lang.UnsupportedOperationException", "never");
			});
	}

	@Test
	void failsWithoutAPlaceForDeadLettersAndSaysWhatToDo() {
		runner().withBean(DeliveryErrorHandler.class, () -> (failed) -> Decision.deadLetter()).run((context) -> {
			Mill mill = MillsRunner.await(context, "picky");
			assertThat(mill.state()).isEqualTo(MillState.FAILED);
			assertThat(mill.status().lastError().message()).contains("a.jsonl:2", "no place for the dead letters",
					"Name one");
		});
	}

	@Test
	void isThereAsLongAsMillsAre() {
		runner().withBean(Patient.class)
			.withPropertyValues("watermill.mills.picky.retry.max-retries=0")
			.run((context) -> {
				assertThat(MillsRunner.await(context, "picky").state()).isEqualTo(MillState.COMPLETED);
				assertThat(context.getBeanFactory().getDependentBeans(context.getBeanNamesForType(Patient.class)[0]))
					.contains("watermillMills");
			});
	}

	@WaterMillProcessor("picky")
	static class Picky {

		private int calls;

		@ToStream("b")
		A function(A a) {
			if (a.time() == 2) {
				throw new UnsupportedOperationException("never");
			}
			if (a.time() == 3 && this.calls++ < 3) {
				throw new IllegalStateException("not yet");
			}
			return a;
		}

	}

	record A(long time) {
	}

	static class Handlers {

		private final List<String> asked = new CopyOnWriteArrayList<>();

		@Bean
		@Order(2)
		DeliveryErrorHandler second() {
			return (failed) -> {
				note("second", failed);
				return Decision.skip();
			};
		}

		@Bean
		@Order(1)
		DeliveryErrorHandler first() {
			return (failed) -> {
				note("first", failed);
				return (failed.failure() instanceof IllegalStateException) ? Decision.retryAfter(Duration.ZERO) : null;
			};
		}

		private void note(String who, DeliveryErrorHandler.FailedDelivery failed) {
			this.asked
				.add(who + " " + failed.context().mill() + " " + failed.elements().get(0) + " " + failed.attempts());
		}

	}

	static class Patient implements DeliveryErrorHandler {

		@Override
		public Decision decide(FailedDelivery failed) {
			return (failed.attempts() < 5) ? Decision.retryAfter(Duration.ZERO) : Decision.skip();
		}

	}

}
