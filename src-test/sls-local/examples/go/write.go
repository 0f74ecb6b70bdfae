// Writes to SLS Local with the official SDK, and checks what has arrived. Start SLS Local first, then:
//
//	go mod init example && go get github.com/aliyun/aliyun-log-go-sdk
//	go run write.go http://127.0.0.1:10012 my-project my-logs
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	sls "github.com/aliyun/aliyun-log-go-sdk"
	"github.com/gogo/protobuf/proto"
)

type group struct {
	Topic string      `json:"topic"`
	Tags  [][2]string `json:"tags"`
}

func main() {
	address, project, logstore := os.Args[1], os.Args[2], os.Args[3]

	// The SDK puts the project in front of the endpoint's name: SLS Local is its proxy, for any name. Go uses no proxy
	// for 127.0.0.1 itself.
	os.Setenv("HTTP_PROXY", address)
	client := sls.CreateNormalInterfaceV2("http://sls.test", sls.NewStaticCredentialsProvider("ID", "SECRET", ""))

	err := client.PutLogs(project, logstore, &sls.LogGroup{
		Topic:   proto.String("nginx"),
		Source:  proto.String("example"),
		LogTags: []*sls.LogTag{{Key: proto.String("host"), Value: proto.String("web-1")}},
		Logs: []*sls.Log{{
			Time:     proto.Uint32(uint32(time.Now().Unix())),
			Contents: []*sls.LogContent{{Key: proto.String("request"), Value: proto.String("GET /")}},
		}},
	})
	if err != nil {
		log.Fatal(err)
	}

	answer, err := http.Get(address + "/_local/groups?project=" + project + "&logstore=" + logstore)
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	var groups []group
	if err := json.NewDecoder(answer.Body).Decode(&groups); err != nil {
		log.Fatal(err)
	}
	if len(groups) != 1 || groups[0].Topic != "nginx" || groups[0].Tags[0] != [2]string{"host", "web-1"} {
		log.Fatalf("unexpected groups: %v", groups)
	}
	fmt.Println("passed")
}
