package dev.watermill.spring.mill;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.watermill.engine.MillState;
import dev.watermill.spring.FromStream;
import dev.watermill.spring.JoinOn;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.WindowBy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Processors that answer later.
 */
class AsynchronousProcessorTests {

	private static final Executor LATER = CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS);

	@TempDir
	Path directory;

	private ApplicationContextRunner runner() {
		Path a = MillsRunner.write(this.directory.resolve("a.jsonl"), """
				{"time":1}
				{"time":2}
				{"time":3}
				""");
		Path b = MillsRunner.write(this.directory.resolve("b.jsonl"), """
				{"time":2,"name":"x"}
				{"time":2,"name":"y"}
				""");
		return MillsRunner.runner(this.directory)
			.withPropertyValues("watermill.streams.a.file=" + a, "watermill.streams.b.file=" + b,
					"watermill.streams.out.file=" + this.directory.resolve("out.jsonl"),
					"watermill.mills.mill.max-in-flight=2");
	}

	@Test
	void joinsAreHandedOutAndResultsWritten() {
		runner().withUserConfiguration(Joining.class).run((context) -> {
			assertThat(MillsRunner.await(context, "mill").state()).isEqualTo(MillState.COMPLETED);
			assertThat(this.directory.resolve("out.jsonl")).hasContent("""
					{"time":1,"names":[]}
					{"time":2,"names":["x","y"]}
					{"time":3,"names":[]}""");
		});
	}

	@Test
	void stagesMayHoldResultsInAnyForm() {
		runner().withUserConfiguration(Several.class).run((context) -> {
			assertThat(MillsRunner.await(context, "mill").state()).isEqualTo(MillState.COMPLETED);
			assertThat(this.directory.resolve("out.jsonl")).hasContent("""
					{"time":1,"names":["window"]}
					{"time":2,"names":["window"]}
					{"time":3,"names":["window"]}""");
		});
	}

	@Test
	void whoTakesTooLongHasFailed() {
		runner().withUserConfiguration(Never.class)
			.withPropertyValues("watermill.mills.mill.delivery-timeout=20ms",
					"watermill.mills.mill.retry.max-retries=0")
			.run((context) -> {
				assertThat(MillsRunner.await(context, "mill").state()).isEqualTo(MillState.FAILED);
				assertThat(MillsRunner.mill(context, "mill").status().lastError().message())
					.contains(TimeoutException.class.getName());
			});
	}

	record A(long time) {

	}

	record B(long time, String name) {

	}

	record Out(long time, List<String> names) {

	}

	@WaterMillProcessor("mill")
	static class Joining {

		CompletableFuture<Out> join(A a, @JoinOn(value = "time", optional = true) Map<A, List<B>> b) {
			return CompletableFuture.supplyAsync(
					() -> new Out(a.time(), b.getOrDefault(a, List.of()).stream().map(B::name).toList()), LATER);
		}

	}

	@WaterMillProcessor("mill")
	static class Several {

		@ToStream("out")
		CompletionStage<List<Out>> each(@WindowBy("time / 10") @FromStream("a") List<A> window) {
			return CompletableFuture
				.supplyAsync(() -> window.stream().map((a) -> new Out(a.time(), List.of("window"))).toList(), LATER);
		}

	}

	@WaterMillProcessor("mill")
	static class Never {

		@ToStream("out")
		CompletableFuture<Out> wait(@FromStream("a") A a) {
			return new CompletableFuture<>();
		}

	}

}
