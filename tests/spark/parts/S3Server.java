import java.net.URI;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;

/** S3 in memory, on loopback: arguments are port, bucket, key and secret. It ends with its standard input. */
public class S3Server {
    public static void main(String[] arguments) throws Exception {
        BlobStore objects = ContextBuilder.newBuilder("transient").buildView(BlobStoreContext.class).getBlobStore();
        objects.createContainerInLocation(null, arguments[1]);
        S3Proxy server = S3Proxy.builder()
            .blobStore(objects)
            .endpoint(URI.create("http://127.0.0.1:" + arguments[0]))
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, arguments[2], arguments[3])
            .ignoreUnknownHeaders(true)
            .build();
        server.start();
        System.out.println("ready");
        System.out.flush();
        while (System.in.read() >= 0) { }
        server.stop();
        System.exit(0);
    }
}
