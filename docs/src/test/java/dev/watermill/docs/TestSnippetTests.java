package dev.watermill.docs;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.watermill.docs.Page.Block;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tests that pages show to their readers pass, in an application with the settings of
 * the README.
 */
class TestSnippetTests {

	private static final Pattern TEST = Pattern.compile("\\bclass (\\w+Tests)\\b");

	@TempDir
	private Path directory;

	@TestFactory
	List<DynamicTest> passes() throws IOException {
		CompiledPages compiled = CompiledPages.all();
		Block settings = Page.read(Page.ROOT.resolve("README.md"))
			.blocks("yaml")
			.stream()
			.filter((block) -> block.told("file").contains("application.yml"))
			.findFirst()
			.orElseThrow();
		Files.writeString(this.directory.resolve("application.yml"), settings.text());
		URL[] path = { compiled.classes().toUri().toURL(), this.directory.toUri().toURL() };
		return compiled.pages()
			.stream()
			.flatMap((page) -> page.blocks("java").stream().flatMap((block) -> tests(page, block, path)))
			.toList();
	}

	private static Stream<DynamicTest> tests(Page page, Block block, URL[] path) {
		return testsIn(block).stream()
			.map((test) -> DynamicTest.dynamicTest(block + ": " + test,
					() -> pass(page.packageName() + "." + test, path)));
	}

	/**
	 * Return the names of test classes that have tests.
	 */
	private static List<String> testsIn(Block block) {
		return block.text().contains("@Test\n") ? TEST.matcher(block.text()).results().map((it) -> it.group(1)).toList()
				: List.of();
	}

	private static void pass(String test, URL[] path) throws IOException, ClassNotFoundException {
		ClassLoader before = Thread.currentThread().getContextClassLoader();
		SummaryGeneratingListener listener = new SummaryGeneratingListener();
		try (URLClassLoader loader = new URLClassLoader(path, before)) {
			Thread.currentThread().setContextClassLoader(loader);
			LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
				.selectors(DiscoverySelectors.selectClass(loader.loadClass(test)))
				.build();
			LauncherFactory.create().execute(request, listener);
		}
		finally {
			Thread.currentThread().setContextClassLoader(before);
		}
		TestExecutionSummary summary = listener.getSummary();
		assertThat(summary.getFailures()).extracting(TestExecutionSummary.Failure::getException).isEmpty();
		assertThat(summary.getTestsSucceededCount()).isPositive();
	}

}
