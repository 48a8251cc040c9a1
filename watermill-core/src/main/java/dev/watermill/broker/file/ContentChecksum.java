package dev.watermill.broker.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.zip.CRC32C;

import dev.watermill.stream.Position;

/**
 * The checksum of all of a file, which stands in the position of a completed mill: a file
 * is read again only if its content changed, and being copied or touched is no change.
 */
final class ContentChecksum {

	private static final String CONTENT = "content";

	private static final String SIZE = "size";

	private ContentChecksum() {
	}

	static Position addTo(Position position, BoundFile file) {
		try {
			return position.with(SIZE, Files.size(file.path())).with(CONTENT, of(file));
		}
		catch (IOException ex) {
			throw file.unreadable(ex);
		}
	}

	/**
	 * Whether a position tells of another content than the file has now.
	 */
	static boolean isChanged(Position position, BoundFile file) {
		if (!position.has(CONTENT)) {
			return false;
		}
		file.requireReadable();
		try {
			return position.number(SIZE) != Files.size(file.path()) || position.number(CONTENT) != of(file);
		}
		catch (IOException ex) {
			throw file.unreadable(ex);
		}
	}

	private static long of(BoundFile file) throws IOException {
		CRC32C checksum = new CRC32C();
		byte[] buffer = new byte[64 * 1024];
		try (InputStream in = Files.newInputStream(file.path())) {
			for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
				checksum.update(buffer, 0, count);
			}
		}
		return checksum.getValue();
	}

}
