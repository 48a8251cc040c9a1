package dev.watermill.broker.file;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32C;

import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Which file a position is of, as short as it can be told: its name, and a checksum of
 * its real path. It only says what is wrong: a file may be moved or copied while its mill
 * stands, as long as its content is what it was.
 *
 * @param text the name and the checksum
 */
record FileIdentity(String text) {

	private static final String FIELD = "file";

	private static final String SEPARATOR = "#";

	private static final int LONGEST = 40;

	static FileIdentity of(BoundFile file) {
		Path real = file.resource();
		String name = String.valueOf(real.getFileName());
		CRC32C checksum = new CRC32C();
		checksum.update(real.toString().getBytes(StandardCharsets.UTF_8));
		return new FileIdentity(((name.length() > LONGEST) ? "..." + name.substring(name.length() - LONGEST) : name)
				+ SEPARATOR + HexFormat.of().toHexDigits((int) checksum.getValue()));
	}

	/**
	 * Return which file a position is of, {@code null} if it doesn't say.
	 */
	static @Nullable FileIdentity in(Position position) {
		String text = position.text(FIELD);
		return (text != null) ? new FileIdentity(text) : null;
	}

	Position addTo(Position position) {
		return position.with(FIELD, this.text);
	}

	String name() {
		return this.text.substring(0, Math.max(0, this.text.lastIndexOf(SEPARATOR)));
	}

}
