import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;

/** HDFS on loopback, a name node and a data node: arguments are folder and port. It ends with its standard input. */
public class HdfsServer {
    public static void main(String[] arguments) throws Exception {
        Configuration told = new HdfsConfiguration();
        told.set("hdfs.minidfs.basedir", arguments[0]);
        MiniDFSCluster cluster = new MiniDFSCluster.Builder(told)
            .nameNodePort(Integer.parseInt(arguments[1]))
            .numDataNodes(1)
            .build();
        cluster.waitActive();
        System.out.println("ready");
        System.out.flush();
        while (System.in.read() >= 0) { }
        cluster.shutdown();
    }
}
