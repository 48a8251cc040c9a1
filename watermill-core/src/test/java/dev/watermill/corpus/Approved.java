package dev.watermill.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What users are told, word by word, as somebody has read it and found it good. Run with
 * {@code -Dapprove=true} it is written down, to be read.
 */
public final class Approved {

	private static final Path DIRECTORY = Path.of("src/test/resources/corpus");

	private final String name;

	private final StringBuilder text = new StringBuilder();

	/**
	 * Begin a text.
	 * @param name the name of its file
	 */
	public Approved(String name) {
		this.name = name;
	}

	/**
	 * Add what is told of one kind of input.
	 * @param kind its name
	 * @param told what is told of it
	 */
	public void add(String kind, String told) {
		this.text.append(kind).append("\n    ").append(told).append('\n');
	}

	/**
	 * Compare all with what was approved.
	 * @throws IOException if that can't be read or written
	 */
	public void verify() throws IOException {
		if (Boolean.getBoolean("approve")) {
			Files.createDirectories(DIRECTORY);
			Files.writeString(DIRECTORY.resolve(this.name), this.text);
		}
		assertThat(DIRECTORY.resolve(this.name)).content().isEqualTo(this.text.toString());
	}

}
