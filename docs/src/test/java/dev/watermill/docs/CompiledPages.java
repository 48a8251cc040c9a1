package dev.watermill.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.springframework.util.FileSystemUtils;

/**
 * All pages, compiled once for all tests of a JVM.
 *
 * @param pages the pages
 * @param classes where their classes are
 * @param complaints what the compiler complains of, by page
 */
record CompiledPages(List<Page> pages, Path classes, Map<Path, List<String>> complaints) {

	static CompiledPages all() {
		return Holder.ALL;
	}

	private static CompiledPages compile() {
		try {
			Path classes = Files.createTempDirectory("pages");
			Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(classes)));
			List<Page> pages = Page.all();
			return new CompiledPages(pages, classes, new SnippetCompiler(classes).compile(pages));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void delete(Path directory) {
		try {
			FileSystemUtils.deleteRecursively(directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static final class Holder {

		static final CompiledPages ALL = compile();

	}

}
