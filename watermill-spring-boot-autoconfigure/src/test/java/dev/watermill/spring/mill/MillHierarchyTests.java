package dev.watermill.spring.mill;

import java.nio.file.Path;

import dev.watermill.engine.MillState;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each context of a hierarchy runs the mills of its own processors.
 */
class MillHierarchyTests {

	@TempDir
	Path directory;

	private ApplicationContextRunner runner;

	@BeforeEach
	void createRunner() {
		Path in = MillsRunner.write(this.directory.resolve("a.json"), "[{\"time\":1},{\"time\":2}]");
		this.runner = MillsRunner.runner(this.directory).withPropertyValues("watermill.streams.a.file=" + in);
	}

	private String output(String stream) {
		return "watermill.streams." + stream + ".file=" + this.directory.resolve(stream + ".jsonl");
	}

	@Test
	void runsTheMillsOfAParentAndOfItsChild() {
		this.runner.withUserConfiguration(OfParent.class)
			.withPropertyValues(output("b"))
			.run((parent) -> this.runner.withParent(parent)
				.withUserConfiguration(OfChild.class)
				.withPropertyValues(output("c"))
				.run((child) -> {
					assertThat(MillsRunner.await(parent, "of-parent").state()).isEqualTo(MillState.COMPLETED);
					assertThat(MillsRunner.await(child, "of-child").state()).isEqualTo(MillState.COMPLETED);
					assertThat(MillsRunner.read(this.directory.resolve("c.jsonl")).lines()).hasSize(2);
					assertThat(parent.getBean(Mills.class).all()).hasSize(1);
					assertThat(child.getBean(Mills.class).all()).hasSize(1);
				}));
	}

	@Test
	void runsTheMillsOfAChildWhoseParentHasNone() {
		this.runner.run((parent) -> this.runner.withParent(parent)
			.withUserConfiguration(OfChild.class)
			.withPropertyValues(output("c"))
			.run((child) -> {
				assertThat(MillsRunner.await(child, "of-child").state()).isEqualTo(MillState.COMPLETED);
				assertThat(parent.getBean(Mills.class).all()).isEmpty();
			}));
	}

	@WaterMillProcessor("of-parent")
	static class OfParent {

		@ToStream("b")
		A function(A a) {
			return a;
		}

	}

	@WaterMillProcessor("of-child")
	static class OfChild {

		@ToStream("c")
		A function(A a) {
			return a;
		}

	}

	record A(long time) {

	}

}
