package dev.watermill.broker.file;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.watermill.broker.Batch;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.codec.InvalidElement;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads files as their broker does by default, and again from the first positions in
 * them.
 */
public final class ReadingProcess {

	private ReadingProcess() {
	}

	public static void main(String[] args) throws InterruptedException {
		for (String arg : args) {
			Path file = Path.of(arg);
			System.out.println(file.getFileName() + ": " + describe(file));
		}
	}

	private static String describe(Path file) throws InterruptedException {
		StreamSource<JsonNode> source = TestFiles.source(file, JsonNode.class, 128 * 1024);
		List<String> found = new ArrayList<>();
		List<Position> positions = new ArrayList<>();
		String failure = read(source, null, found, positions);
		boolean alike = true;
		for (int i = 0; i < Math.min(2, positions.size()); i++) {
			List<String> rest = new ArrayList<>();
			read(source, positions.get(i), rest, new ArrayList<>());
			alike &= rest.equals(found.subList(i, found.size()));
		}
		long invalid = found.stream().filter((element) -> element.startsWith("invalid")).count();
		String end = failure.contains("ends in the middle") ? "ends in the middle" : failure;
		return "valid " + (found.size() - invalid) + ", invalid " + invalid + ", "
				+ (end.isEmpty() ? (alike ? "restarts alike" : "restarts otherwise") : end);
	}

	private static String read(StreamSource<JsonNode> source, @Nullable Position from, List<String> found,
			List<Position> positions) throws InterruptedException {
		try (StreamReader<JsonNode> reader = source.open(new LaneId("test", 0), from)) {
			Batch<JsonNode> batch;
			do {
				batch = reader.read(Duration.ZERO);
				for (int i = 0; i < batch.size(); i++) {
					found.add((batch.element(i) instanceof InvalidElement invalid)
							? "invalid " + invalid.problem() + batch.origin(i) : batch.element(i).toString());
					positions.add(batch.position(i));
				}
			}
			while (batch.status() != Batch.Status.ENDED);
			return "";
		}
		catch (BrokerException ex) {
			return String.valueOf(ex.getMessage());
		}
	}

}
