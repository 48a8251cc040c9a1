package dev.watermill.corpus;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A row of a table of bad input.
 *
 * @param name what it is called
 * @param where where it is tried, or how it is packed
 * @param bytes what it is, {@code null} for a record without a value
 */
public record BadInput(String name, List<String> where, byte @Nullable [] bytes) {

	/**
	 * Read a table among the resources.
	 * @param name the name of the file
	 * @return its rows
	 */
	public static List<BadInput> read(String name) {
		try (InputStream in = Objects.requireNonNull(BadInput.class.getResourceAsStream("/corpus/" + name))) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
				.filter((line) -> !line.startsWith("#"))
				.map(BadInput::ofLine)
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static BadInput ofLine(String line) {
		String[] cells = line.split(" \\| ", 4);
		int last = cells.length - 1;
		List<String> where = Arrays.asList(cells).subList(1, last);
		return new BadInput(cells[0], where, cells[last].equals("<null>") ? null : bytes(cells[last]));
	}

	private static byte[] bytes(String text) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		int i = 0;
		while (i < text.length()) {
			int end = (text.charAt(i) == '<') ? endOf(text, i) : i;
			if (end == i) {
				int next = text.indexOf('<', i);
				end = (next < 0) ? text.length() : next;
				out.writeBytes(text.substring(i, end).getBytes(StandardCharsets.UTF_8));
			}
			else {
				out.writeBytes(special(text.substring(i + 1, end - 1)));
			}
			i = end;
		}
		return out.toByteArray();
	}

	private static int endOf(String text, int from) {
		int depth = 0;
		for (int i = from; i < text.length(); i++) {
			depth += (text.charAt(i) == '<') ? 1 : (text.charAt(i) == '>') ? -1 : 0;
			if (depth == 0) {
				return i + 1;
			}
		}
		throw new IllegalArgumentException("'<' without '>': " + text);
	}

	private static byte[] special(String text) {
		int times = text.indexOf('*');
		if (times < 0) {
			return HexFormat.of().parseHex(text);
		}
		byte[] part = bytes(text.substring(times + 1));
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		for (int i = Integer.parseInt(text.substring(0, times)); i > 0; i--) {
			out.writeBytes(part);
		}
		return out.toByteArray();
	}

	@Override
	public String toString() {
		return this.name;
	}

}
