package dev.watermill.docs;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each block of Java on a page compiles, without a warning.
 */
class JavaSnippetTests {

	@TempDir
	private Path classes;

	@TestFactory
	List<DynamicTest> compiles() {
		CompiledPages compiled = CompiledPages.all();
		return compiled.pages()
			.stream()
			.filter((page) -> !page.blocks("java").isEmpty())
			.map((page) -> DynamicTest.dynamicTest(page.toString(),
					() -> assertThat(compiled.complaints().get(page.path())).isEmpty()))
			.toList();
	}

	@Test
	void seesWhatDoesNotCompile() {
		Page page = Page.parse(Path.of("docs/some.md"),
				List.of("# Some", "```java", "record A(long time) { }", "```", "", "```java", "A a() {",
						"    return new B(1);", "}", "```", "<!-- with: A some; -->", "```java",
						"long time = this.some.tme();", "```"));
		assertThat(new SnippetCompiler(this.classes).compile(List.of(page)).get(page.path())).hasSize(2)
			.satisfiesExactly((first) -> assertThat(first).startsWith("docs/some.md:8: ").contains("class B"),
					(second) -> assertThat(second).startsWith("docs/some.md:13: ").contains("tme"));
	}

}
