package dev.watermill.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import com.sun.source.util.JavacTask;
import dev.watermill.docs.Page.Block;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the Java of pages, all of a page's in one package, as a user's compiler would.
 */
final class SnippetCompiler {

	private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();

	private final Path classes;

	SnippetCompiler(Path classes) {
		this.classes = classes;
	}

	/**
	 * Return whether some text is the Java of a source file, be there what it names or
	 * not.
	 */
	static boolean parses(String text) {
		DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
		try {
			((JavacTask) JAVAC.getTask(null, null, found, List.of("--release", "17"), null,
					List.of(new Source("Snippet", text, null))))
				.parse();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return found.getDiagnostics().stream().noneMatch((it) -> it.getKind() == Diagnostic.Kind.ERROR);
	}

	/**
	 * Compile all Java of some pages.
	 * @return what the compiler complains of, by page
	 */
	Map<Path, List<String>> compile(List<Page> pages) {
		List<Source> sources = new ArrayList<>();
		Map<Path, List<String>> complaints = new LinkedHashMap<>();
		DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
		try (StandardJavaFileManager files = JAVAC.getStandardFileManager(found, Locale.ROOT, null)) {
			for (Page page : pages) {
				complaints.put(page.path(), new ArrayList<>());
				for (Block block : page.blocks("java")) {
					JavaSnippet snippet = JavaSnippet.of(block);
					sources.add(new Source(snippet.className(), snippet.source(page.packageName()), block));
				}
			}
			Files.createDirectories(this.classes);
			JAVAC.getTask(null, files, found,
					List.of("--release", "17", "-parameters", "-proc:none",
							"-Xlint:deprecation,rawtypes,removal,unchecked", "-Xmaxerrs", "1000", "-d",
							this.classes.toString()),
					null, sources)
				.call();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		for (Diagnostic<? extends JavaFileObject> it : found.getDiagnostics()) {
			if (it.getSource() instanceof Source source && it.getKind() != Diagnostic.Kind.NOTE) {
				complaints.get(source.block().page())
					.add(source.block().page() + ":" + (source.block().line() + it.getLineNumber() - 2) + ": "
							+ it.getMessage(Locale.ROOT));
			}
		}
		return complaints;
	}

	/**
	 * A block as a source file in memory.
	 */
	private static final class Source extends SimpleJavaFileObject {

		private final String text;

		private final @Nullable Block block;

		Source(String name, String text, @Nullable Block block) {
			super(URI.create("snippet:///" + name + ".java"), Kind.SOURCE);
			this.text = text;
			this.block = block;
		}

		@Override
		public CharSequence getCharContent(boolean ignoreEncodingErrors) {
			return this.text;
		}

		Block block() {
			if (this.block == null) {
				throw new IllegalStateException("No block");
			}
			return this.block;
		}

	}

}
