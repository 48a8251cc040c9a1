package dev.watermill.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whoever follows a page, copying its blocks, sees what it promises.
 */
class PageApplicationTests {

	@TempDir
	private Path directory;

	@TestFactory
	List<DynamicTest> showsWhatItPromises() {
		CompiledPages compiled = CompiledPages.all();
		return compiled.pages()
			.stream()
			.filter(PageApplication::isOn)
			.map((page) -> DynamicTest.dynamicTest(page.toString(), () -> follow(page, compiled.classes())))
			.toList();
	}

	private void follow(Page page, Path classes) throws IOException {
		PageApplication application = new PageApplication(page,
				Files.createTempDirectory(this.directory, page.packageName()));
		assertThat(application.run(classes)).isZero();
		Map<String, List<String>> shown = application.shown();
		application.promised()
			.forEach((place, lines) -> assertThat(shown.get(place)).as(place).containsExactlyElementsOf(lines));
	}

	@Test
	void seesAPromiseThatIsNotKept() throws IOException {
		Page page = Page.parse(Path.of("docs/some.md"),
				List.of("<!-- file: in.jsonl -->", "```json", "{\"n\": 1}", "{\"n\": 2}", "```",
						"<!-- file: application.yml -->", "```yaml", "watermill.streams.in.file: in.jsonl",
						"watermill.streams.out.file: out.jsonl", "```", "```java",
						"import dev.watermill.spring.WaterMillProcessor;",
						"import org.springframework.boot.autoconfigure.SpringBootApplication;",
						"@SpringBootApplication public class SomeApplication { }",
						"@WaterMillProcessor(\"some\") class Some { Out copy(In in) { return new Out(in.n()); } }",
						"record In(int n) { }", "record Out(int n) { }", "```", "<!-- shows: out.jsonl -->", "```json",
						"{\"n\":1}", "{\"n\":3}", "```"));
		Path classes = this.directory.resolve("classes");
		assertThat(new SnippetCompiler(classes).compile(List.of(page)).get(page.path())).isEmpty();
		PageApplication application = new PageApplication(page, this.directory);
		assertThat(application.run(classes)).isZero();
		assertThat(application.shown().values()).containsExactly(List.of("{\"n\":1}", "{\"n\":2}"));
		assertThat(application.shown()).isNotEqualTo(application.promised());
	}

}
